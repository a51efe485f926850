namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>A change can be made dependent on what its asker has seen.</summary>
public sealed class TagConversations : IAsyncDisposable
{
    private const string Web = """{"image":"web:1"}""";

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Every_change_gives_another_tag_and_what_changes_nothing_does_not()
    {
        Assert.Equal("\"1.1\"", Tag(await api.Ask("POST /services/web", Web)));
        Assert.Equal("\"1.1\"", Tag(await api.Ask("GET /services/web")));
        Assert.Equal("\"1.1\"", Tag(await api.Ask("PUT /services/web", Web)));
        Assert.Equal("\"1.2\"", Tag(await api.Ask("PUT /services/web", """{"instances":2}""")));
        Assert.Null(Tag(await api.Ask("PUT /services/web?dryRun=true", """{"instances":3}""")));
        Assert.Equal("\"2.3\"", Tag(await api.Ask("PUT /services/web", """{"image":"web:2"}""")));
        Assert.Equal("\"2.3\"", Tag(await api.Ask("GET /services/web")));
    }

    [Theory]
    [InlineData("PUT /services/web", """{"instances":5}""")]
    [InlineData("PUT /services/web?dryRun=true", """{"instances":5}""")]
    [InlineData("DELETE /services/web", null)]
    [InlineData("POST /services/web/restart", null)]
    public async Task Who_has_not_seen_the_last_change_is_told_whose_it_was_and_changes_nothing(string request, string? body)
    {
        await api.Ask("POST /services/web", Web);
        await api.Ask("PUT /services/web", """{"instances":2}""");
        var before = (await api.Ask("GET /services/web")).Json!.ToJsonString();
        var answer = await api.Ask(request, body, ("If-Match", "\"1.1\""));
        Assert.Equal("application/problem+json", answer.Type);
        Assert.Equal(
            "412 the service is at \"1.2\" by now; unknown changed it at 2026-01-01 12:00:00Z: changed instances 1 to 2", answer.Words);
        Assert.Equal(before, (await api.Ask("GET /services/web")).Json!.ToJsonString());
    }

    [Theory]
    [InlineData("\"1.1\"", 200)]
    [InlineData("\"9.9\", \"1.1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("W/\"1.1\"", 412)]
    [InlineData("\"1.10\"", 412)]
    public async Task A_change_is_made_when_one_of_the_tags_is_right(string tags, int status)
    {
        await api.Ask("POST /services/web", Web);
        Assert.Equal(status, (await api.Ask("PUT /services/web", """{"instances":5}""", ("If-Match", tags))).Status);
    }

    [Fact]
    public async Task Of_two_who_have_seen_the_same_one_changes_it()
    {
        await api.Ask("POST /services/web", Web);
        var answers = await Task.WhenAll(Enumerable.Range(2, 8)
            .Select(count => api.Ask("PUT /services/web", $$"""{"instances":{{count}}}""", ("If-Match", "\"1.1\""))));
        Assert.Equal([200, 412, 412, 412, 412, 412, 412, 412], answers.Select(it => it.Status).Order());
    }

    [Fact]
    public async Task What_must_not_be_there_yet_is_not_created_twice()
    {
        Assert.Equal(201, (await api.Ask("POST /services/web", Web, ("If-None-Match", "*"))).Status);
        var answer = await api.Ask("POST /services/web", Web, ("If-None-Match", "*"));
        Assert.StartsWith("412 the service is at \"1.1\"; unknown changed it at 2026-01-01 12:00:00Z: created", answer.Words,
            StringComparison.Ordinal);
        Assert.Equal(
            "412 there is no service that could have a tag", (await api.Ask("POST /services/api", Web, ("If-Match", "*"))).Words);
        Assert.Equal("404 there is no service 'api'", (await api.Ask("PUT /services/api", Web, ("If-Match", "*"))).Words);
    }

    [Theory]
    [InlineData("If-Match")]
    [InlineData("If-None-Match")]
    public async Task Tags_that_cannot_be_read_are_refused(string header)
    {
        await api.Ask("POST /services/web", Web);
        Assert.Equal(
            $"400 {header}: is a list of tags as ETag tells them, such as \"3.7\", or *",
            (await api.Ask("PUT /services/web", """{"instances":5}""", (header, "1.1"))).Words);
    }

    private static string? Tag(Answer answer) => answer.Headers.ETag?.ToString();
}
