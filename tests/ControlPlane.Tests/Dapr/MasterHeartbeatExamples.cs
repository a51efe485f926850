using Dapr.Actors;
using Dapr.Actors.Client;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Members;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Dapr;

public sealed class MasterHeartbeatExamples : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider clock = new();
    private readonly Logbook<MasterHeartbeat> log = new();
    private readonly MasterHeartbeat heartbeat;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private volatile Exception? trouble;
    private volatile int beats;

    public MasterHeartbeatExamples()
    {
        var registry = new Mock<IMemberRegistry>();
        registry.Setup(it => it.RenewMaster(new MasterReport("master-a", "http://master-a:5000"))).Returns(() =>
        {
            if (trouble is { } e) throw e;
            beats++;
            return Task.CompletedTask;
        });
        var proxies = new Mock<IActorProxyFactory>();
        proxies.Setup(it => it.CreateActorProxy<IMemberRegistry>(It.IsAny<ActorId>(), It.IsAny<string>(), null)).Returns(registry.Object);
        var sidecar = new SidecarHealth(clock);
        heartbeat = new MasterHeartbeat(
            new ActorCalls(proxies.Object, Unread.Metrics, sidecar, clock, () => 0.5, new Logbook<ActorCalls>()), sidecar,
            new ControlPlaneOptions { MemberName = "master-a", PublicUrl = "http://master-a:5000" }, clock, log);
    }

    public async ValueTask DisposeAsync()
    {
        stopping.Cancel();
        await running;
        stopping.Dispose();
    }

    [Fact]
    public async Task A_master_tells_at_once_and_every_second_that_it_lives()
    {
        await Start();
        await PassingTime.Until(() => beats, count => count == 1, "the first beat");
        var start = clock.GetUtcNow();
        await Pass(count => count >= 11);
        Assert.InRange((clock.GetUtcNow() - start).TotalSeconds, 10, 20);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_reached_is_told_of_once_and_so_is_its_return()
    {
        trouble = new HttpRequestException("connection refused");
        await Start();
        await clock.PassUntil(TimeSpan.FromSeconds(1), () => log.Lines.Count(), count => count == 1, "it is told of");
        for (var i = 0; i < 300; i++) clock.Advance(Step);
        trouble = null;
        await Pass(count => count >= 2);
        Assert.Equal(
            [
                "Warning: The member registry cannot be reached: MemberRegistry 'shard-0' does not answer at present: connection refused",
                "Information: The member registry can be reached again",
            ],
            log.Lines);
    }

    [Fact]
    public async Task A_defect_does_not_end_the_beat()
    {
        trouble = new InvalidOperationException("nobody expected this");
        await Start();
        await PassingTime.Until(() => log.Lines.Count(), count => count == 1, "it is told of");
        trouble = null;
        await Pass(count => count >= 1);
        Assert.Equal("Error: MasterHeartbeat failed and begins again in 1.0 s", log.Lines.First());
    }

    private Task Start()
    {
        running = Loop.Run(heartbeat.Run, clock, () => 0.5, log, stopping.Token);
        return Task.CompletedTask;
    }

    private Task<int> Pass(Func<int, bool> condition) => clock.PassUntil(Step, () => beats, condition, "it beats");
}
