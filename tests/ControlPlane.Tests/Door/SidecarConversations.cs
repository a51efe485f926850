using Microsoft.Extensions.DependencyInjection;
using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.ServiceDefaults.Sidecars;

namespace Orchestrator.ControlPlane.Tests.Door;

/// <summary>Somebody who is not the sidecar asks for what is there for the sidecar.</summary>
public sealed class SidecarConversations : IAsyncDisposable
{
    private const string Token = "only-the-sidecar-knows";

    private readonly ControlPlaneOverHttp api = new(("APP_API_TOKEN", Token));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    public static TheoryData<string> ForDapr { get; } =
    [
        "DELETE /actors/ServiceMaster/web", "PUT /actors/ServiceMaster/web/method/Change", "PUT /ACTORS/ServiceMaster/web/method/Change",
        "PUT /actors/ServiceMaster/web/method/remind/look", "PUT /actors/ServiceMaster/web/method/timer/look", "GET /dapr/config",
    ];

    [Theory, MemberData(nameof(ForDapr))]
    public async Task Without_the_app_token_it_is_refused(string request)
    {
        Assert.Equal(401, await api.AskAsDapr(request));
        Assert.Equal(401, await api.AskAsDapr(request, "wrong"));
        Assert.Equal(401, await api.AskAsDapr(request, ""));
        Assert.Equal(401, await api.AskAsDapr(request, Token + "x"));
        Assert.Equal(401, await api.AskAsDapr(request, Token, Token));
    }

    [Fact]
    public async Task With_it_the_sidecar_is_answered() => Assert.Equal(200, await api.AskAsDapr("GET /dapr/config", Token));

    [Theory, MemberData(nameof(ForDapr))]
    public async Task At_the_port_of_the_API_it_is_not_there_whatever_is_shown(string request) =>
        Assert.Equal(404, (await api.Ask(request, null, ("dapr-api-token", Token))).Status);

    [Fact]
    public async Task While_the_sidecar_can_bring_no_answer_the_public_is_told_at_once_and_the_sidecar_is_not()
    {
        Assert.Equal("200", (await Health()).Words);
        api.Services.GetRequiredService<SidecarHealth>().Fails("the sidecar does not answer: connection refused");
        Assert.Equal("503 the sidecar does not answer: connection refused", (await Health()).Words);
        Assert.Equal(
            "503 ServiceDirectory 'shard-0' does not answer at present: the sidecar does not answer: connection refused",
            (await api.Ask("GET /services")).Words);
        var change = await api.Ask("POST /services/web", """{"image":"web:1"}""");
        Assert.Equal((503, "not-done"), (change.Status, $"{change["outcome"]}"));
        Assert.Equal(200, await api.AskAsDapr("GET /healthz"));
    }

    private async Task<Answer> Health()
    {
        using var http = api.CreateClient();
        using var answer = await http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? new((int)answer.StatusCode, "", null, answer.Headers) : await Answer.Of(answer);
    }

    [Theory]
    [InlineData("GET /services")]
    [InlineData("DELETE /services/web")]
    [InlineData("GET /members")]
    [InlineData("GET /openapi/v1.json")]
    public async Task The_API_is_not_there_at_the_port_of_the_sidecar(string request)
    {
        Assert.Equal(401, await api.AskAsDapr(request));
        Assert.Equal(404, await api.AskAsDapr(request, Token));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    public async Task Health_and_metrics_are_there_for_everyone(string path)
    {
        using var http = api.CreateClient();
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((200, 200), ((int)answer.StatusCode, await api.AskAsDapr($"GET {path}")));
    }
}
