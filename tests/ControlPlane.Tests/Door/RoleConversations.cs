using Microsoft.AspNetCore.DataProtection;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Door;

public sealed class RoleConversations : IAsyncDisposable
{
    private readonly TokenFile file;
    private readonly ControlPlaneOverHttp api;

    public RoleConversations()
    {
        file = new(new[] { "viewer", "deployer", "operator" }.Select(role => $"the-{role} {role} {Token(role)}").ToArray());
        api = new(("API_TOKENS", file.Path));
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        file.Dispose();
    }

    [Fact]
    public void Tokens_bring_no_keys_for_cookies_with_them() =>
        Assert.Null(api.Services.GetService(typeof(IDataProtectionProvider)));

    [Theory]
    [InlineData("GET /members", "viewer")]
    [InlineData("GET /services", "viewer")]
    [InlineData("GET /services/web", "viewer")]
    [InlineData("GET /services/web/history", "viewer")]
    [InlineData("GET /services/web/explain", "viewer")]
    [InlineData("HEAD /events", "viewer")]
    [InlineData("GET /volumes", "viewer")]
    [InlineData("DELETE /volumes/x?worker=a", "operator")]
    [InlineData("GET /services/web/endpoints", "viewer")]
    [InlineData("HEAD /services/web/events", "viewer")]
    [InlineData("POST /services/web", "deployer")]
    [InlineData("PUT /services/web", "deployer")]
    [InlineData("PUT /service/web", "deployer")]
    [InlineData("DELETE /services/web", "deployer")]
    [InlineData("DELETE /services/web?dryRun=true", "deployer")]
    [InlineData("POST /services/web/rollback", "deployer")]
    [InlineData("POST /services/web/restart", "deployer")]
    [InlineData("POST /services/web/pause", "deployer")]
    [InlineData("POST /services/web/resume", "deployer")]
    [InlineData("POST /services/web/rebalance", "deployer")]
    [InlineData("GET /secrets", "viewer")]
    [InlineData("GET /secrets/db", "viewer")]
    [InlineData("PUT /secrets/db", "deployer")]
    [InlineData("DELETE /secrets/db", "deployer")]
    [InlineData("GET /configs/site", "viewer")]
    [InlineData("PUT /configs/site", "deployer")]
    [InlineData("DELETE /configs/site", "deployer")]
    [InlineData("GET /registries/r.test", "viewer")]
    [InlineData("PUT /registries/r.test", "operator")]
    [InlineData("DELETE /registries/r.test", "operator")]
    [InlineData("POST /workers/a/drain", "operator")]
    [InlineData("POST /workers/a/undrain", "operator")]
    [InlineData("POST /members/brake/overrule", "operator")]
    [InlineData("POST /members/confirm-loss", "operator")]
    [InlineData("POST /members/confirm-loss?dryRun=true", "operator")]
    [InlineData("GET /backup", "operator")]
    [InlineData("GET /services/web/logs", "viewer")]
    [InlineData("GET /services/web/stats", "viewer")]
    [InlineData("GET /instances/web-1-r1-a1", "viewer")]
    [InlineData("GET /instances/web-1-r1-a1/logs", "viewer")]
    [InlineData("GET /instances/web-1-r1-a1/stats", "viewer")]
    [InlineData("GET /instances/web-1-r1-a1/top", "viewer")]
    [InlineData("GET /instances/web-1-r1-a1/exec", "operator")]
    [InlineData("POST /instances/web-1-r1-a1/exec", "operator")]
    [InlineData("PUT /restore", "operator")]
    [InlineData("PUT /restore?dryRun=true", "operator")]
    public async Task Each_route_wants_its_role_or_a_higher_one(string request, string needed)
    {
        var without = $"401 a token with the role {needed} is needed: Authorization: Bearer TOKEN";
        Assert.Equal(without, (await api.Ask(request)).Words);
        Assert.Equal(without, (await As("nobody", request)).Words);
        Assert.Equal(without, (await api.Ask(request, null, ("Authorization", $"Basic {Token("operator")}"))).Words);

        string[] roles = ["viewer", "deployer", "operator"];
        var rank = Array.IndexOf(roles, needed);
        foreach (var low in roles[..rank])
        {
            var refused = await As(low, request);
            Assert.Equal(
                ($"403 the role {needed} is needed; the token 'the-{low}' has not got it", "application/problem+json"),
                (refused.Words, refused.Type));
        }

        foreach (var enough in roles[rank..]) Assert.DoesNotContain((await As(enough, request)).Status, new[] { 401, 403 });
    }

    [Fact]
    public async Task The_name_of_the_token_is_who_asked_whatever_a_header_says()
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""", Shown("deployer"), ("X-User", "ann"));
        await api.Ask("PUT /services/web", """{"instances":3}""", Shown("operator"));
        Assert.Equal(
            ["created the-deployer", "changed the-operator"],
            (await As("viewer", "GET /services/web/history")).Each("events", "kind", "who"));
    }

    [Theory]
    [InlineData("GET /healthz")]
    [InlineData("GET /metrics")]
    public async Task Health_and_metrics_need_none(string request) => Assert.Equal(200, await api.AskAsDapr(request));

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/scalar.js")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/client.json")]
    public async Task The_description_needs_none_as_a_browser_could_not_show_it(string path)
    {
        using var browser = api.CreateClient();
        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        foreach (var role in new[] { "viewer", "nobody" })
        {
            using var shown = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            shown.Headers.Authorization = new("Bearer", Token(role));
            using var same = await browser.SendAsync(shown, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)same.StatusCode);
        }
    }

    private static string Token(string role) => $"the-secret-of-the-{role}";

    private static (string, string) Shown(string role) => ("Authorization", $"Bearer {Token(role)}");

    private Task<Answer> As(string role, string request) => api.Ask(request, null, Shown(role));
}
