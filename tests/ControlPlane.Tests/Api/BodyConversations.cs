namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>What is wrong with a body is told by field and reason; it is never a mistake of ours.</summary>
public sealed class BodyConversations : IAsyncDisposable
{
    private const string NoObject = "the body must be a JSON object";
    private const string Invalid = "the body is not valid JSON:";

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("", NoObject)]
    [InlineData("[]", NoObject)]
    [InlineData("null", NoObject)]
    [InlineData("\"web:1\"", NoObject)]
    [InlineData("{", $"{Invalid} line 1, position 2")]
    [InlineData("{\n  \"image\": web:1\n}", $"{Invalid} line 2, position 12")]
    [InlineData("""{"image":"web:1","image":"web:2"}""", $"{Invalid} a field is there twice")]
    [InlineData("""{"image":"web:1","env":{"A":"1","A":"2"}}""", $"{Invalid} a field is there twice")]
    [InlineData("""{"image":"\ud800"}""", $"{Invalid} a text holds half of a surrogate pair")]
    [InlineData("""{"image":"web:1","env":{"\ud800":"1"}}""", $"{Invalid} a text holds half of a surrogate pair")]
    [InlineData("""{"instances":"3"}""", "instances: is not a whole number")]
    [InlineData("""{"image":"web:1","ports":[{"container":80,"hots":8080}]}""", 
        "ports[0].hots: is not a known field; known are container, host, protocol")]
    [InlineData("""{"image":"web:1","resources":{"reserve":5}}""", "resources.reserve: is not an object of cpu, memory")]
    [InlineData("""{"image":"web:1","placement":{"preferences":[{"rule":null}]}}""", "placement.preferences[0].rule: is null")]
    [InlineData("""{"image":"web:1","health":{"command":null}}""", "health.command: is required: the program and its arguments")]
    [InlineData("""{"image":"web:1","volumes":[{"source":null,"target":"/data"}]}""", "volumes[0].source: is null")]
    [InlineData("""{"image":"","instances":-1}""", "image: is required; instances: is -1; allowed are 0 to 5,000")]
    public async Task A_body_that_cannot_be_taken_is_refused_with_its_reason(string body, string reason)
    {
        await api.Ask("POST /services/old", """{"image":"web:1"}""");
        foreach (var request in new[] { "POST /services/web", "PUT /services/old", "POST /service/web", "PUT /service/old" })
        {
            var answer = await api.Ask(request, body);
            Assert.Equal((400, "application/problem+json", reason), (answer.Status, answer.Type, string.Join("; ", answer.Errors)));
            Assert.Equal($"400 {reason}", answer.Words);
        }
    }

    [Fact]
    public async Task A_field_that_is_not_known_is_answered_with_those_that_are()
    {
        var words = (await api.Ask("POST /services/web", """{"imgae":"web:1"}""")).Words;
        Assert.StartsWith("400 imgae: is not a known field; known are command, env, health, image,", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_service_needs_an_image() =>
        Assert.Equal("400 image: is required", (await api.Ask("POST /services/web", "{}")).Words);

    [Fact]
    public async Task A_body_may_be_a_mebibyte_long_and_no_longer()
    {
        var longest = """{"image":"web:1"}""".PadRight(1 << 20);
        Assert.Equal(201, (await api.Ask("POST /services/web", longest)).Status);
        Assert.Equal("400 the body is larger than 1048576 bytes", (await api.Ask("POST /services/web", longest + " ")).Words);
    }

    [Theory]
    [InlineData("""{"revision":"1"}""")]
    [InlineData("""{"revison":1}""")]
    public async Task A_rollback_that_cannot_be_read_says_how_it_is_written(string body)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        var answer = await api.Ask("POST /services/web/rollback", body);
        Assert.Equal("""400 revision: the body is {"revision": N} with the number of a kept revision, or empty""", answer.Words);
    }

    [Theory]
    [InlineData("[]", NoObject)]
    [InlineData("{", $"{Invalid} line 1, position 2")]
    public async Task A_rollback_with_something_else_than_an_object_is_refused(string body, string reason)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        Assert.Equal($"400 {reason}", (await api.Ask("POST /services/web/rollback", body)).Words);
    }
}
