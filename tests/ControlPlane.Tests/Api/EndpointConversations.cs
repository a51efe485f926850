using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class EndpointConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Only_what_runs_and_is_in_rotation_can_be_reached()
    {
        await Deploy();
        await Report(1, Phase.Running);
        await Report(2, Phase.Running, InstanceHealth.Healthy, InstanceHealth.Unhealthy);
        await Report(3, Phase.Starting);
        var answer = await api.Ask("GET /services/web/endpoints");
        Assert.Equal(
            """
            {"service":"web","observed":true,"endpoints":[{"address":"10.0.0.1","port":32001,"container":80,"protocol":"tcp","name":"http","instance":"web-1-r1-a1","slot":1,"revision":1,"worker":"a"}]}
            """, answer.Json!.ToJsonString());
        await Report(2, Phase.Running, InstanceHealth.Healthy, InstanceHealth.Healthy);
        answer = await api.Ask("GET /services/web/endpoints");
        Assert.Equal(["web-1-r1-a1 32001", "web-2-r1-a1 32002"], answer.Each("endpoints", "instance", "port"));
    }

    [Fact]
    public async Task Who_watches_is_told_all_of_it_whenever_it_changes_and_only_then()
    {
        await Deploy();
        await Report(1, Phase.Running);
        await using var stream = await EventsOverHttp.Follow(api, "/services/web/endpoints?watch=true");
        await Changes(stream, "[web-1-r1-a1]");
        await Report(2, Phase.Starting);
        await Report(2, Phase.Running);
        await Changes(stream, "[web-1-r1-a1] [web-1-r1-a1 web-2-r1-a1]");
        await Report(1, Phase.Exited);
        await Changes(stream, "[web-1-r1-a1] [web-1-r1-a1 web-2-r1-a1] [web-2-r1-a1]");
        Assert.Equal("endpoints", stream.Events.First().Kind);
    }

    [Theory]
    [InlineData("GET /services/web/endpoints", "404 there is no service 'web'")]
    [InlineData("GET /services/web/endpoints?watch=true", "404 there is no service 'web'")]
    [InlineData("GET /services/web/endpoints?watch=yes", "400 watch: is not true or false")]
    [InlineData("GET /services/web/endpoints?port=80", "400 port: is not a known parameter; known are watch")]
    public async Task What_cannot_be_told_is_refused(string request, string words) => Assert.Equal(words, (await api.Ask(request)).Words);

    private async Task Deploy()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1","instances":3,"ports":[{"container":80,"name":"http"}]}""");
    }

    private Task Report(int slot, Phase phase, InstanceHealth health = InstanceHealth.None, InstanceHealth? readiness = null) =>
        api.Tell("a", "web", new InstanceReport
        {
            Instance = $"web-{slot}-r1-a1", Phase = phase, Health = health, Readiness = readiness,
            Ports = phase == Phase.Running ? [new(80, 32_000 + slot, "10.0.0.1")] : [],
        });

    private Task<string> Changes(EventsOverHttp stream, string expected) => api.Clock.PassUntil(
        TimeSpan.FromMilliseconds(50),
        () => string.Join(' ', stream.Events.Select(it => $"[{Instances(it)}]")),
        seen => seen == expected, $"it is told: {expected}");

    private static string Instances(EventsOverHttp.Told told) =>
        string.Join(' ', told.Json["endpoints"]!.AsArray().Select(it => $"{it!["instance"]}"));
}
