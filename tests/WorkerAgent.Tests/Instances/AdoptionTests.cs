using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

public sealed class AdoptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_restarted_agent_finds_its_containers_and_restarts_none()
    {
        var (engine, told) = await RunOnce(async agent =>
        {
            await agent.Run("web-1-r1-a1", epoch: 4);
            await agent.Run("web-2-r1-a1", epoch: 4);
            await agent.Believed("web-1-r1-a1 Running", "web-2-r1-a1 Running");
        });
        engine.Die("web-2-r1-a1", 3);
        engine.Done.Clear();

        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("web-1-r1-a1 Running", "web-2-r1-a1 Exited: exit code 3");
        Assert.Empty(engine.Done);
        Assert.Equal(told["web-1-r1-a1"], agent.Control.Believes["web-1-r1-a1"]);
        Assert.Contains(agent.Control.Reports, r => r is { Complete: true, Service: "web" });
    }

    [Fact]
    public async Task Reservations_and_ports_are_known_after_a_restart()
    {
        var (engine, _) = await RunOnce(async agent =>
        {
            await agent.Run("web-1-r1-a1",
                new() { Image = "busybox-www:1", Ports = [new(80, 8080)], Resources = new() { Reserve = new(3.5) } });
            await agent.Believed("web-1-r1-a1 Running");
        });
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        Assert.Equal(Refusal.NoCapacity,
            (await agent.Run("db-1-r1-a1", new() { Image = "busybox-www:1", Resources = new() { Reserve = new(1) } })).Refusal);
        Assert.Equal(Refusal.PortTaken,
            (await agent.Run("db-1-r1-a2", new() { Image = "busybox-www:1", Ports = [new(80, 8080)] })).Refusal);
    }

    [Fact]
    public async Task An_adopted_instance_is_stopped_and_forgotten_like_any_other()
    {
        var (engine, _) = await RunOnce(async agent =>
        {
            await agent.Run("web-1-r1-a1");
            await agent.Believed("web-1-r1-a1 Running");
        });
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("web-1-r1-a1 Running");
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: surplus");
        await agent.Forget("web-1-r1-a1");
        await agent.Believed();
        Assert.Null(engine["web-1-r1-a1"]);
    }

    [Fact]
    public async Task A_container_that_was_created_and_not_started_is_started()
    {
        var (engine, _) = await RunOnce(async agent =>
        {
            agent.Engine.Hold("start");
            await agent.Run("web-1-r1-a1");
            await TestAgent.Until(() => agent.Engine.Done.Count, count => count == 2, "the start hangs");
        });
        engine.Hold("start").SetResult();
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("web-1-r1-a1 Running");
    }

    [Fact]
    public async Task But_not_when_another_worker_may_have_its_successor_by_now()
    {
        var (engine, _) = await RunOnce(async agent =>
        {
            agent.Engine.Hold("start");
            await agent.Run("once-1-r1-a1", new() { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop });
            await TestAgent.Until(() => agent.Engine.Done.Count, count => count == 2, "the start hangs");
        });
        engine.Hold("start").SetResult();
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("once-1-r1-a1 Exited: its worker restarted before it was started");
    }

    [Fact]
    public async Task Two_workers_on_one_engine_leave_each_others_containers_alone()
    {
        await using var a = await new TestAgent().Start();
        await using var b = await new TestAgent(a.Engine, options: new() { Name = "worker-b" }).Start();
        await a.Run("web-1-r1-a1");
        await b.Run("web-2-r1-a1");
        await a.Believed("web-1-r1-a1 Running");
        await b.Believed("web-2-r1-a1 Running");
        await a.Stop("web-2-r1-a1");
        await a.Forget("web-2-r1-a1");
        a.Engine.Die("web-2-r1-a1", 9);
        await b.Believed("web-2-r1-a1 Exited: exit code 9");
        await a.Believed("web-1-r1-a1 Running");
        Assert.DoesNotContain(a.Engine.Done, d =>
            d.StartsWith("remove", StringComparison.Ordinal) || d.StartsWith("stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_the_agent_leaves_its_containers_running()
    {
        var (engine, _) = await RunOnce(async agent =>
        {
            await agent.Run("web-1-r1-a1");
            await agent.Believed("web-1-r1-a1 Running");
        });
        Assert.Equal(["web-1-r1-a1"], engine.Names(ContainerState.Running));
    }

    [Fact]
    public async Task What_happened_while_the_event_stream_was_broken_is_found_out_afterwards()
    {
        await using var agent = await new TestAgent().Start();
        foreach (var name in new[] { "web-1-r1-a1", "web-2-r1-a1", "web-3-r1-a1" }) await agent.Run(name);
        await agent.Believed("web-1-r1-a1 Running", "web-2-r1-a1 Running", "web-3-r1-a1 Running");
        agent.Engine.Die("web-1-r1-a1", 5, silently: true);
        agent.Engine.Vanish("web-2-r1-a1", silently: true);
        agent.Engine.BreakEvents();
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => agent.Control.Summary.SequenceEqual(
            ["web-1-r1-a1 Exited: exit code 5", "web-2-r1-a1 Exited: its container was removed by somebody else", "web-3-r1-a1 Running"]),
                "the gap is repaired");
    }

    [Fact]
    public async Task An_engine_that_is_away_is_told_with_the_next_beat_and_its_return_too()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Away = true;
        agent.Engine.BreakEvents();
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () =>
            agent.Control.Beats.Last().EngineProblem is { } p && p.Contains("cannot be reached", StringComparison.Ordinal), "told");
        Assert.Equal(Refusal.Unavailable, (await agent.Run("web-1-r1-a1")).Refusal);
        agent.Engine.Away = false;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () =>
            agent.Control.Beats.Last().EngineProblem is null, "told that it is back");
        Assert.True((await agent.Run("web-1-r1-a2")).Accepted);
    }

    private async Task<(FakeEngine Engine, IReadOnlyDictionary<string, InstanceReport> Told)> RunOnce(Func<TestAgent, Task> life)
    {
        await using var agent = await new TestAgent(folder: folder).Start();
        await life(agent);
        return (agent.Engine, agent.Control.Believes);
    }
}
