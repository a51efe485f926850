namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class ListConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task There_may_be_no_service()
    {
        var list = await api.Ask("GET /services");
        Assert.Equal((200, """{"services":[],"stale":false}"""), (list.Status, list.Json!.ToJsonString()));
    }

    [Fact]
    public async Task Services_are_listed_by_name_in_pages()
    {
        foreach (var name in new[] { "web", "api", "db", "mail" }) await api.Ask($"POST /services/{name}", """{"image":"web:1"}""");
        Assert.Equal("api, db, mail, web; next none", await Page("GET /services"));
        Assert.Equal("api, db; next db", await Page("GET /services?limit=2"));
        Assert.Equal("mail, web; next none", await Page("GET /services?limit=2&after=db"));
        Assert.Equal("web; next none", await Page("GET /services?after=o"));
        Assert.Equal("; next none", await Page("GET /services?after=web"));
    }

    [Fact]
    public async Task A_line_says_what_runs_and_what_it_waits_for()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1","instances":2}""");
        await api.Ask("POST /services/big", """{"image":"big:1","resources":{"reserve":{"cpu":9}}}""");
        await api.CarryOut();
        Assert.Equal(
            ["big big:1 1 1 0 false slot 1: no worker can take it: a has 8 of 8 CPU free, 9 needed", "web web:1 1 2 2 false "],
            (await api.Ask("GET /services")).Each("services", "name", "image", "revision", "wanted", "running", "withdrawing", "waiting"));
    }

    [Fact]
    public async Task A_line_is_what_the_service_itself_says()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1","instances":2,"labels":{"team":"red"}}""");
        await api.CarryOut();
        var (line, own) = ((await api.Ask("GET /services"))["services"][0]!, (await api.Ask("GET /services/web")).Json!);
        foreach (var field in new[] { "name", "revision", "observed", "running", "state" })
            Assert.Equal(own[field]!.ToJsonString(), line[field]!.ToJsonString());
        Assert.Equal(("""{"team":"red"}""", """["a"]"""), (line["labels"]!.ToJsonString(), line["workers"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("label=team", "api, big, web")]
    [InlineData("label=team=red", "api, web")]
    [InlineData("label=team=", "")]
    [InlineData("label=color", "")]
    [InlineData("state=waiting", "big")]
    [InlineData("state=running", "api, mail, web")]
    [InlineData("state=withdrawing", "")]
    [InlineData("worker=a", "api, web")]
    [InlineData("worker=b", "")]
    [InlineData("worker=a&label=team=red&state=running&limit=1", "api; more")]
    public async Task Only_what_is_asked_for_is_listed(string query, string services)
    {
        foreach (var worker in new[] { "a", "b" }) await api.Renew(worker, instances: worker == "b" ? 5 : 0);
        await api.Ask("POST /services/web", """{"image":"web:1","labels":{"team":"red"},"placement":{"constraints":["worker == a"]}}""");
        await api.Ask("POST /services/api", """{"image":"web:1","labels":{"team":"red"},"placement":{"constraints":["worker == a"]}}""");
        await api.Ask("POST /services/big", """{"image":"big:1","labels":{"team":"blue"},"resources":{"reserve":{"cpu":9}}}""");
        await api.Ask("POST /services/mail", """{"image":"web:1","instances":0}""");
        await api.CarryOut();
        await api.CarryOut("api");
        var page = await api.Ask($"GET /services?{query}");
        Assert.Equal(services, string.Join(", ", page.Each("services", "name")) + (page.Json!["next"] is null ? "" : "; more"));
    }

    [Theory]
    [InlineData("state=asleep",
        "state: is not a state; there are withdrawing, unreadable, unknown, updating, waiting, starting, running, "
        + "scheduled, completed, failed")]
    [InlineData("label==red", "label: is key=value, or a key alone")]
    [InlineData("worker=c", "worker: is not a worker; there are a")]
    public async Task What_cannot_be_asked_for_is_refused_with_what_can(string query, string problem)
    {
        await api.Renew("a");
        Assert.Equal($"400 {problem}", (await api.Ask($"GET /services?{query}")).Words);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task A_page_has_1_to_500_lines(int limit) =>
        Assert.Equal("400 limit: must be 1 to 500", (await api.Ask($"GET /services?limit={limit}")).Words);

    private async Task<string> Page(string request)
    {
        var page = await api.Ask(request);
        return $"{string.Join(", ", page.Each("services", "name"))}; next {page.Json!["next"]?.ToString() ?? "none"}";
    }
}
