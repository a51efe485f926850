using Orchestrator.ControlPlane.Tests.Api;

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
        Assert.Equal(401, await Status(request));
        Assert.Equal(401, await Status(request, "wrong"));
        Assert.Equal(401, await Status(request, ""));
        Assert.Equal(401, await Status(request, Token + "x"));
        Assert.Equal(401, await Status(request, Token, Token));
    }

    [Fact]
    public async Task With_it_the_sidecar_is_answered() => Assert.Equal(200, await Status("GET /dapr/config", Token));

    [Theory]
    [InlineData("GET /healthz")]
    [InlineData("GET /metrics")]
    [InlineData("GET /services")]
    public async Task What_is_not_Daprs_needs_no_app_token(string request) => Assert.Equal(200, await Status(request));

    private async Task<int> Status(string request, params string[] tokens)
    {
        using var http = api.CreateClient();
        using var message = new HttpRequestMessage(
            new HttpMethod(request.Split(' ')[0]), new Uri(request.Split(' ')[1], UriKind.Relative));
        foreach (var token in tokens) message.Headers.Add("dapr-api-token", token);
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
