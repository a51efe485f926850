using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Api;

/// <summary>What the sidecar and ServiceMasters send, as it is on the wire.</summary>
public sealed class ConversationTests : IDisposable
{
    private readonly AgentOverHttp agent = new();

    public void Dispose() => agent.Dispose();

    [Fact]
    public async Task An_instance_lives_and_dies_by_orders()
    {
        using var http = agent.CreateClient();
        await Healthy(http);
        Assert.Equal("""{"reason":"","knownEpoch":0,"accepted":true}""", await Post(http, "instances/run",
            """{"service":"web","instance":"web-1-r1-a1","epoch":3,"reason":"slot 1 is empty","container":{"image":"busybox-www:1","ports":[80,{"container":81,"host":8081}],"stopGrace":"5s","onLeaseLost":"keep"}}"""));
        await Believed("web-1-r1-a1 Running");
        Assert.Equal(
            """{"refusal":"stale-epoch","reason":"epoch 2 is below 3: another ServiceMaster is in charge","knownEpoch":3,"accepted":false}""",
            await Post(http, "instances/stop", """{"service":"web","instance":"web-1-r1-a1","epoch":2}"""));
        await Post(http, "instances/stop", """{"service":"web","instance":"web-1-r1-a1","epoch":4,"reason":"surplus","grace":"1s"}""");
        await Believed("web-1-r1-a1 Exited: surplus");
        await Post(http, "instances/forget", """{"service":"web","instance":"web-1-r1-a1","epoch":4}""");
        await Believed();
        Assert.Contains("stop web-1-r1-a1 within 1 s", agent.Engine.Done);
    }

    [Theory]
    [InlineData("""{"service":"web"}""")]
    [InlineData("""{"service":"web","instance":"web-1-r1-a1","epoch":1}""")]
    [InlineData("nonsense")]
    public async Task An_order_that_cannot_be_read_is_a_bad_request(string body)
    {
        using var http = agent.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("instances/run", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Announcements_are_subscribed_to()
    {
        using var http = agent.CreateClient();
        Assert.Equal(
            """[{"topic":"announcements","pubsubName":"pubsub","route":"announcements"}]""",
            await http.GetStringAsync(new Uri("dapr/subscribe", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_roll_call_is_answered_with_a_complete_report()
    {
        using var http = agent.CreateClient();
        await Healthy(http);
        await Announce(http, """{"kind":"roll-call","service":"web"}""");
        await TestAgent.Until(() => agent.Control.Reports.Count(r => r is { Service: "web", Complete: true }), count =>
            count > 0, "reported");
    }

    [Fact]
    public async Task An_announced_image_is_pulled_once()
    {
        using var http = agent.CreateClient();
        await Healthy(http);
        await Announce(http, """{"kind":"prefetch","image":"nginx:1.27"}""");
        await Announce(http, """{"kind":"prefetch","image":"busybox-www:1"}""");
        await Announce(http, """{"kind":"prefetch","image":"not-ours:1","service":"a-service-without-instances-here"}""");
        await TestAgent.Until(() => agent.Engine.ImagesHere.Contains("nginx:1.27"), here => here, "pulled");
        await Announce(http, """{"kind":"prefetch","image":"nginx:1.27"}""");
        await Announce(http, """{"kind":"prefetch","image":"redis:8"}""");
        await TestAgent.Until(() => agent.Engine.ImagesHere.Contains("redis:8"), here => here, "pulled");
        Assert.Equal(["pull nginx:1.27", "pull redis:8"], agent.Engine.Done);
    }

    private static async Task Announce(HttpClient http, string announcement)
    {
        using var content = new StringContent(
            $$"""{"id":"1","specversion":"1.0","type":"com.dapr.event.sent","source":"control-plane","topic":"announcements","pubsubname":"pubsub","datacontenttype":"application/json","data":{{announcement}}}""");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        using var answer = await http.PostAsync(new Uri("announcements", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> Post(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Alive, and its containers seen: the first beat without a problem says so.</summary>
    private async Task Healthy(HttpClient http)
    {
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("healthz", UriKind.Relative), TestContext.Current.CancellationToken));
        await TestAgent.Until(() => agent.Control.Beats.Any(b => b.EngineProblem is null), seen => seen, "it beats");
    }

    private async Task Believed(params string[] expected) => await TestAgent.Until(
        () => string.Join("; ", agent.Control.Summary), seen => seen == string.Join("; ", expected), "the control plane believes it");
}
