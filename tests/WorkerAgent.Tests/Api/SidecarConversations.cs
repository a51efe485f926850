using System.Text;

namespace Orchestrator.WorkerAgent.Tests.Api;

/// <summary>Somebody who is not the sidecar reaches the worker's port.</summary>
public sealed class SidecarConversations : IAsyncDisposable
{
    private const string Token = "only-the-sidecar-knows";

    private const string Run =
        """{"service":"web","instance":"web-1-r1-a1","epoch":1,"reason":"slot 1 is empty","container":{"image":"busybox-www:1"}}""";

    private readonly AgentOverHttp agent = new(Token);

    public ValueTask DisposeAsync() => agent.DisposeAsync();

    [Theory]
    [InlineData("POST instances/run")]
    [InlineData("POST instances/stop")]
    [InlineData("POST instances/forget")]
    [InlineData("GET instances")]
    [InlineData("POST announcements")]
    [InlineData("GET dapr/subscribe")]
    [InlineData("GET what-is-not-there")]
    public async Task Without_the_app_token_it_is_refused(string request)
    {
        Assert.Equal(401, await Status(request));
        Assert.Equal(401, await Status(request, "wrong"));
        Assert.Empty(agent.Engine.Done);
    }

    [Theory]
    [InlineData("GET instances", 200)]
    [InlineData("POST instances/run", 200)]
    [InlineData("GET what-is-not-there", 404)]
    public async Task With_it_the_sidecar_is_answered(string request, int status) => Assert.Equal(status, await Status(request, Token));

    [Theory]
    [InlineData("GET healthz")]
    [InlineData("GET metrics")]
    public async Task Health_and_metrics_are_for_everyone(string request) => Assert.Equal(200, await Status(request));

    private async Task<int> Status(string request, string? token = null)
    {
        using var http = agent.CreateClient();
        using var message = new HttpRequestMessage(
            new HttpMethod(request.Split(' ')[0]), new Uri(request.Split(' ')[1], UriKind.Relative));
        if (message.Method == HttpMethod.Post) message.Content = new StringContent(Run, Encoding.UTF8, "application/json");
        if (token is not null) message.Headers.Add("dapr-api-token", token);
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
