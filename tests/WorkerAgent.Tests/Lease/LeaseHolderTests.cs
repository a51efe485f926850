using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Lease;

public sealed class LeaseHolderTests
{
    private static readonly ContainerSpec Once = new() { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop };

    [Fact]
    public async Task A_worker_that_is_cut_off_stops_what_may_run_once_only_before_its_lease_ends_and_tells_it_afterwards()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("once-1-r1-a1", Once);
        await agent.Run("web-1-r1-a1");
        await agent.Believed("once-1-r1-a1 Running", "web-1-r1-a1 Running");
        var lastHeard = agent.Clock.GetUtcNow();
        agent.Control.Away = true;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () =>
            agent.Engine["once-1-r1-a1"]!.State == ContainerState.Exited, "it is stopped");
        Assert.InRange(agent.Engine["once-1-r1-a1"]!.EndedAt!.Value - lastHeard, TimeSpan.FromSeconds(4.1), TimeSpan.FromSeconds(4.6));
        Assert.Contains("stop once-1-r1-a1 within 0.27 s", agent.Engine.Done);
        Assert.Equal(["web-1-r1-a1"], agent.Engine.Names(ContainerState.Running));

        agent.Control.Away = false;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () =>
            agent.Control.Believes["once-1-r1-a1"].Phase == Phase.Exited, "it is told");
        Assert.StartsWith("stopped by its worker itself: nothing heard from the control plane for",
            agent.Control.Believes["once-1-r1-a1"].Message, StringComparison.Ordinal);
        Assert.Equal(Phase.Running, agent.Control.Believes["web-1-r1-a1"].Phase);
    }

    [Fact]
    public async Task Renewals_that_are_answered_keep_everything_running()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("once-1-r1-a1", Once);
        await agent.Believed("once-1-r1-a1 Running");
        var beats = agent.Control.Beats.Count;
        await agent.PassTime(TimeSpan.FromMilliseconds(250), () => agent.Control.Beats.Count > beats + 20, "twenty beats");
        Assert.True(agent.Lease.Holds);
        Assert.Equal(["once-1-r1-a1"], agent.Engine.Names(ContainerState.Running));
    }

    [Fact]
    public async Task A_lease_counts_from_when_the_renewal_was_sent()
    {
        var control = new FakeControlPlane();
        await using var agent = await new TestAgent(control: control).Start();
        var beats = control.Beats.Count;
        control.HoldRenewals = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => control.Waiting > 0, "a renewal is sent");
        var sent = agent.Lease.Now;
        agent.Clock.Advance(TimeSpan.FromMilliseconds(900));
        var hold = control.HoldRenewals;
        control.HoldRenewals = new(TaskCreationOptions.RunContinuationsAsynchronously);
        hold.SetResult();
        await TestAgent.Until(() => control.Beats.Count, count => count > beats, "it is answered, late");
        await TestAgent.Until(() => agent.Lease.HoldsUntil, until => until > TimeSpan.FromSeconds(3.5), "it counts");
        Assert.InRange(agent.Lease.HoldsUntil - sent, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4.2));
    }

    [Fact]
    public async Task A_start_that_hangs_is_ended_too_when_the_lease_runs_out()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Hold("create");
        await agent.Run("once-1-r1-a1", Once);
        await agent.Believed("once-1-r1-a1 Starting");
        agent.Control.Away = true;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () =>
            agent.Book.Find("once-1-r1-a1")!.Phase == Phase.Exited, "it is given up");
    }

    [Fact]
    public async Task A_worker_that_comes_back_into_a_cut_off_world_stops_what_may_run_once_only()
    {
        using var folder = new TemporaryFolder();
        FakeEngine engine;
        await using (var before = await new TestAgent(folder: folder).Start())
        {
            engine = before.Engine;
            await before.Run("once-1-r1-a1", Once);
            await before.Believed("once-1-r1-a1 Running");
        }

        await using var agent = await new TestAgent(engine, new() { Away = true }, folder).Start();
        await TestAgent.Until(() => agent.Book.All().Count, count => count == 1, "it is found");
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => engine["once-1-r1-a1"]!.State == ContainerState.Exited, "it is stopped");
    }

    [Fact]
    public async Task An_agent_that_finds_that_it_has_not_run_asks_once_more_before_it_ends_anything()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("once-1-r1-a1", Once);
        await agent.Believed("once-1-r1-a1 Running");
        var left = agent.Lease.HoldsUntil - agent.Lease.Now;
        agent.Clock.Advance(left + TimeSpan.FromMilliseconds(200));
        await TestAgent.Until(() => agent.Lease.Holds, holds => holds, "it has been heard");
        Assert.Equal(["once-1-r1-a1"], agent.Engine.Names(ContainerState.Running));
    }

    [Fact]
    public async Task The_lease_of_an_earlier_agent_goes_on_until_its_own_end()
    {
        using var folder = new TemporaryFolder();
        var machine = new QuietMachine();
        FakeEngine engine;
        await using (var before = await new TestAgent(folder: folder, machine: machine).Start())
        {
            engine = before.Engine;
            await before.Run("once-1-r1-a1", Once);
            await before.Believed("once-1-r1-a1 Running");
        }

        machine.Uptime += TimeSpan.FromSeconds(3);
        await using (var soon = await new TestAgent(engine, new() { Away = true }, folder, machine: machine).Start())
            Assert.InRange(soon.Lease.HoldsUntil - soon.Lease.Now, TimeSpan.Zero, TimeSpan.FromSeconds(1.3));

        machine.Uptime += TimeSpan.FromSeconds(3);
        await using var late = await new TestAgent(engine, folder: folder, machine: machine).Start();
        await TestAgent.Until(() => engine["once-1-r1-a1"]!.State, state => state == ContainerState.Exited, "what has lapsed is ended");
    }

    [Fact]
    public async Task What_is_found_only_after_the_lease_has_run_out_is_stopped_too()
    {
        using var folder = new TemporaryFolder();
        FakeEngine engine;
        await using (var before = await new TestAgent(folder: folder).Start())
        {
            engine = before.Engine;
            await before.Run("once-1-r1-a1", Once);
            await before.Believed("once-1-r1-a1 Running");
        }

        await using var agent = await new TestAgent(engine, new() { Away = true }, folder).StartAway();
        for (var second = 0; second < 10; second++) agent.Clock.Advance(TimeSpan.FromSeconds(1));
        engine.Away = false;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => engine["once-1-r1-a1"]!.State == ContainerState.Exited, "it is stopped");
    }

    [Fact]
    public async Task The_beat_does_not_wait_for_an_engine_that_hangs()
    {
        await using var agent = await new TestAgent().Start();
        foreach (var call in new[] { "create", "list", "images", "find" }) agent.Engine.Hold(call);
        for (var slot = 1; slot <= 10; slot++) await agent.Run($"web-{slot}-r1-a1");
        var beats = agent.Control.Beats.Count;
        await agent.PassTime(TimeSpan.FromMilliseconds(250), () => agent.Control.Beats.Count > beats + 5, "beats go on");
        Assert.Equal(10, agent.Control.Beats.Last().Load.Instances);
    }

    [Fact]
    public async Task A_beat_tells_what_is_here()
    {
        await using var agent = await new TestAgent(
            options: new() { Name = "worker-a", Cpu = 4, Memory = "8Gi", Labels = "zone=a, disk=ssd" }).Start();
        await agent.Run("web-1-r1-a1",
            new() { Image = "busybox-www:1", Ports = [new(80, 8080), new(81)], Resources = new() { Reserve = new(1.5) } });
        await agent.Believed("web-1-r1-a1 Running");
        var beats = agent.Control.Beats.Count;
        await agent.PassTime(TimeSpan.FromMilliseconds(250), () => agent.Control.Beats.Count > beats + 1, "a beat later");
        var told = agent.Control.Beats.Last();
        Assert.Equal("worker-a 127.0.0.1 {disk=ssd, zone=a} cpu 4 memory 8Gi reserved 1.5 instances 1 ports [8080/tcp] services [web]",
            $"{told.Name} {told.Address} {told.Labels} cpu {told.Capacity.Cpu} memory {told.Capacity.Memory} reserved {told.Load.Reserved.Cpu} instances {told.Load.Instances} ports {told.HostPorts} services {told.Services}");
        Assert.Null(told.EngineProblem);
        Assert.InRange(told.Load.Memory, 0.001, 1);
    }

    [Fact]
    public async Task Images_are_told_when_they_changed_and_again_to_a_registry_that_has_forgotten()
    {
        await using var agent = await new TestAgent().Start();
        await agent.PassTime(TimeSpan.FromMilliseconds(250), () => agent.Control.Beats.Count > 5, "some beats");
        Assert.Single(agent.Control.Beats, b => b.Images is { } images && images.Contains("busybox-www:1"));
        agent.Control.Answer = agent.Control.Answer with { ReportEverything = true };
        var beats = agent.Control.Beats.Count;
        await agent.PassTime(TimeSpan.FromMilliseconds(250), () => agent.Control.Beats.Count > beats + 3, "some beats");
        Assert.NotNull(agent.Control.Beats.Last().Images);
    }
}
