using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Door;

/// <summary>The live page comes in by the public door, under its rules.</summary>
public sealed class PageConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Every_master_serves_it_and_it_gets_nothing_from_elsewhere()
    {
        var page = await api.Ask("GET /");
        Assert.Equal((200, "text/html"), (page.Status, page.Type));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page.Text, StringComparison.Ordinal);
        foreach (var file in page.Text.Split('"').Where(it => it.StartsWith("ui/files/", StringComparison.Ordinal)))
            Assert.Equal(200, (await api.Ask($"GET /{file}")).Status);
    }

    [Theory]
    [InlineData("GET /")]
    [InlineData("GET /ui/services")]
    [InlineData("GET /_blazor")]
    [InlineData("POST /_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET /ui/files/dashboard.js")]
    public async Task Pages_of_other_sites_and_names_that_point_here_reach_neither_it_nor_the_connection_behind_it(string request)
    {
        Assert.Equal(
            "403 requests from pages of 'https://evil.example' are not accepted",
            (await api.Ask(request, null, ("Origin", "https://evil.example"))).Words);
        Assert.Equal(421, (await api.Ask(request, null, ("Host", "evil.example"))).Status);
    }

    [Theory]
    [InlineData("GET /")]
    [InlineData("GET /_blazor")]
    [InlineData("GET /ui/files/dashboard.js")]
    public async Task The_sidecar_has_no_page(string request) => Assert.Equal(404, await api.AskAsDapr(request));

    [Fact]
    public async Task What_is_no_file_of_it_is_not_there() => Assert.Equal(404, (await api.Ask("GET /ui/files/Program.cs")).Status);

    [Fact]
    public async Task The_connection_behind_it_leaves_no_line_in_the_audit_log()
    {
        var path = Path.GetTempFileName();
        await using var audited = new ControlPlaneOverHttp(("AUDIT_LOG", path));
        Assert.Equal(200, (await audited.Ask("POST /_blazor/negotiate?negotiateVersion=1")).Status);
        await audited.Ask("DELETE /services/web");
        var line = Assert.Single(await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains("DELETE /services/web", line, StringComparison.Ordinal);
        File.Delete(path);
    }
}
