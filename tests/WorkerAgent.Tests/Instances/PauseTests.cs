using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

public sealed class PauseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_somebody_pauses_serves_nobody_goes_on_once_and_is_replaced_then()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        await agent.PassTime(Second, () => agent.Engine["web-1-r1-a1"]!.State, state => state == ContainerState.Running, "it goes on");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.PassTime(Second, () => agent.Engine["web-1-r1-a1"]!.State, state => state == ContainerState.Exited, "it has ended");
        await agent.Believed("web-1-r1-a1 Exited: somebody has paused its container again");
        Assert.Equal(EndCause.Person, agent.Control.Believes["web-1-r1-a1"].Cause);
    }

    [Fact]
    public async Task What_goes_on_by_itself_is_left_alone_and_what_is_to_end_ends_paused()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        agent.Engine.Pause("web-1-r1-a1", paused: false);
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: surplus");
    }

    [Fact]
    public async Task A_paused_container_that_is_found_is_known_as_such()
    {
        using var folder = new TemporaryFolder();
        var engine = new FakeEngine(TimeProvider.System);
        await using (var first = await new TestAgent(engine, folder: folder).Start())
        {
            await first.Desk.Run(new()
            {
                Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = new() { Image = "busybox-www:1" }, Fingerprint = "f1",
            }, TestContext.Current.CancellationToken);
            await first.Believed("web-1-r1-a1 Running");
        }

        engine.Pause("web-1-r1-a1");
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        Assert.Equal("f1", agent.Control.Believes["web-1-r1-a1"].Fingerprint);
    }

    /// <summary>Its pause may be seen by an event, by a look at its container, or by both; so may its end.</summary>
    [Fact]
    public void What_is_asked_here_passes_for_well_after_a_pause_only_if_it_has_answered_before()
    {
        var ordered = Instance.Ordered(new RunInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = Probed });
        var runs = ordered.See(Shown(ContainerState.Running));
        var well = runs.Probed(ProbeKind.Health, InstanceHealth.Healthy, []).Probed(ProbeKind.Readiness, InstanceHealth.Healthy, []);
        foreach (var goesOn in new Func<Instance, Instance>[] { it => it.Unpaused(), it => it.See(Shown(ContainerState.Running)) })
        {
            foreach (var before in new[] { ordered, runs })
            {
                Assert.Equal("Running Starting Starting", Says(goesOn(before.See(Shown(ContainerState.Paused)))));
                Assert.Equal("Running Starting Starting", Says(goesOn(before.Paused())));
                Assert.Equal("Running Starting Starting", Says(goesOn(before.Paused().See(Shown(ContainerState.Paused)))));
            }

            Assert.Equal("Running Healthy Healthy", Says(goesOn(well.See(Shown(ContainerState.Paused)))));
            Assert.Equal("Running Healthy Healthy", Says(goesOn(well.Paused())));
        }
    }

    [Fact]
    public async Task A_paused_container_that_is_found_serves_when_it_goes_on_and_has_answered()
    {
        using var folder = new TemporaryFolder();
        var engine = new FakeEngine(TimeProvider.System);
        await using (var first = await new TestAgent(engine, folder: folder, probes: new Answers(Task.CompletedTask)).Start())
        {
            await first.Run("web-1-r1-a1", Probed);
            await first.Believed("web-1-r1-a1 Running");
        }

        engine.Pause("web-1-r1-a1");
        var speaks = new TaskCompletionSource();
        var catalog = new FakeCatalog();
        await using var agent =
            await new TestAgent(engine, folder: folder, catalog: catalog, probes: new Answers(speaks.Task)).Start();
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        engine.Pause("web-1-r1-a1", paused: false);
        await agent.Believed("web-1-r1-a1 Running");
        var seen = agent.Control.Believes["web-1-r1-a1"];
        Assert.Equal((InstanceHealth.Starting, InstanceHealth.Starting), (seen.Health, seen.Readiness));
        Assert.Empty(catalog.Entries);
        speaks.SetResult();
        await agent.PassTime(Second, () => agent.Control.Believes["web-1-r1-a1"],
            it => it is { Health: InstanceHealth.Healthy, Readiness: InstanceHealth.Healthy }, "it has answered");
        await agent.PassTime(Second, () => catalog.Entries.Count, count => count == 1, "it is in the catalog");
    }

    private static readonly ContainerSpec Probed = new()
    {
        Image = "busybox-www:1", Ports = [new(80)], Health = new() { Http = new(), Timeout = TimeSpan.FromMinutes(1) },
        Readiness = new() { Tcp = new(), Timeout = TimeSpan.FromMinutes(1) },
    };

    private static Container Shown(ContainerState state) => new() { Id = "abc", Name = "web-1-r1-a1", State = state };

    private static string Says(Instance it) => $"{it.Phase} {it.Observed.Health} {it.Observed.Readiness}";

    /// <summary>All is well as soon as they speak.</summary>
    private sealed class Answers(Task speak) : IProbes
    {
        public async Task<(bool Ok, string Output)> Ask(HealthProbe probe, Instance instance, CancellationToken cancel)
        {
            await speak.WaitAsync(cancel);
            return (true, "ok");
        }
    }
}
