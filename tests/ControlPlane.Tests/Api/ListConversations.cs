namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class ListConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task There_may_be_no_service()
    {
        var list = await api.Ask("GET /services");
        Assert.Equal((200, """{"services":[]}"""), (list.Status, list.Json!.ToJsonString()));
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
