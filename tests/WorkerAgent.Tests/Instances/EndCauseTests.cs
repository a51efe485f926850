using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

/// <summary>Whose doing the end of an instance was.</summary>
public sealed class EndCauseTests : IDisposable
{
    private const string Web = "web-1-r1-a1";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_program_that_exits_has_ended_itself()
    {
        await using var agent = await Running();
        agent.Engine.Die(Web, 0);
        await Ended(agent, EndCause.Program, "exit code 0");
    }

    [Theory]
    [InlineData(15, 143, "somebody else stopped its container (signal 15)")]
    [InlineData(3, 0, "somebody else stopped its container (signal 3)")]
    [InlineData(9, 137, "somebody else killed its container (signal 9)")]
    public async Task Who_stops_or_kills_a_container_from_outside_has_ended_it(int signal, int exitCode, string words)
    {
        await using var agent = await Running();
        agent.Engine.EndedBySomebody(Web, signal, exitCode);
        await Ended(agent, EndCause.Person, words);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(15, 61)]
    public async Task A_signal_that_tells_something_else_or_was_sent_long_ago_has_ended_nothing(int signal, double secondsLater)
    {
        await using var agent = await Running();
        agent.Engine.EndedBySomebody(Web, signal, exitCode: -1);
        for (var passed = 0.0; passed < secondsLater; passed++) agent.Clock.Advance(TimeSpan.FromSeconds(1));
        agent.Engine.Die(Web, 1);
        await Ended(agent, EndCause.Program, "exit code 1");
    }

    [Fact]
    public async Task Who_removes_a_container_has_ended_it()
    {
        await using var agent = await Running();
        agent.Engine.Vanish(Web);
        await Ended(agent, EndCause.Person, "its container was removed by somebody else");
    }

    [Fact]
    public async Task An_order_to_stop_has_ended_it_whatever_the_engine_tells_of_signals()
    {
        await using var agent = await Running();
        await agent.Stop(Web, reason: "surplus");
        await Ended(agent, EndCause.Order, "surplus");
    }

    [Fact]
    public async Task What_is_told_to_end_because_it_is_unhealthy_was_ended_by_its_probe()
    {
        await using var agent = await Running();
        agent.Engine.Health(Web, InstanceHealth.Unhealthy);
        await TestAgent.Until(() => agent.Book.Find(Web)!.Observed.Health, health => health == InstanceHealth.Unhealthy, "it is unhealthy");
        await agent.Stop(Web, reason: "unhealthy");
        await Ended(agent, EndCause.Probe, "unhealthy");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_ends_with_the_engine_was_ended_by_it(bool showsItsProcess)
    {
        await using var agent = await Running();
        if (!showsItsProcess) agent.Engine.Process = null;
        agent.Engine.Restart(exitCode: 0);
        await Ended(agent, EndCause.Engine, "its engine stopped or restarted");
    }

    [Fact]
    public async Task An_engine_that_stops_its_containers_one_by_one_before_it_goes_is_not_taken_for_somebody_else()
    {
        await using var agent = await Running();
        agent.Engine.Away = true;
        agent.Engine.EndedBySomebody(Web, 15, 143);
        await Ended(agent, EndCause.Engine, "its engine stopped or restarted");
    }

    [Fact]
    public async Task What_ends_while_another_survives_the_engine_has_ended_itself()
    {
        await using var agent = await Running();
        await agent.Run("web-2-r1-a1");
        await TestAgent.Until(() => agent.Book.Find("web-2-r1-a1")?.Phase, phase => phase == Phase.Running, "the second runs");
        agent.Engine.Die(Web, 1, silently: true);
        agent.Engine.Process++;
        agent.Engine.BreakEvents();
        await Ended(agent, EndCause.Program, "exit code 1");
    }

    [Fact]
    public async Task What_the_engine_ended_while_the_agent_was_away_is_known_too()
    {
        FakeEngine engine;
        await using (var before = await Running()) engine = before.Engine;
        engine.Restart(exitCode: 143);
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await Ended(agent, EndCause.Engine, "its engine stopped or restarted");
    }

    [Fact]
    public async Task What_ended_by_itself_while_the_agent_was_away_has_done_so()
    {
        FakeEngine engine;
        await using (var before = await Running()) engine = before.Engine;
        engine.Die(Web, 0);
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await Ended(agent, EndCause.Program, "exit code 0");
    }

    [Fact]
    public async Task What_is_found_ended_after_the_machine_has_restarted_was_ended_by_that()
    {
        FakeEngine engine;
        await using (var before = await Running(new QuietMachine { BootId = "one" })) engine = before.Engine;
        engine.Restart(exitCode: 255);
        await using var agent = await new TestAgent(engine, folder: folder, machine: new QuietMachine { BootId = "two" }).Start();
        await Ended(agent, EndCause.Machine, "its machine restarted");
    }

    [Fact]
    public async Task What_the_worker_ends_because_its_lease_runs_out_is_said_to_end_for_that()
    {
        await using var agent = await Running();
        await agent.Run("once-1-r1-a1", new() { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop });
        await TestAgent.Until(() => agent.Book.Find("once-1-r1-a1")?.Phase, phase => phase == Phase.Running, "it runs");
        agent.Control.Away = true;
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => agent.Book.Find("once-1-r1-a1")!.Observed.Cause,
            cause => cause == EndCause.Lease, "its lease has ended it");
    }

    private async Task<TestAgent> Running(IMachine? machine = null)
    {
        var agent = await new TestAgent(folder: folder, machine: machine).Start();
        await agent.Run(Web);
        await TestAgent.Until(() => agent.Book.Find(Web)?.Phase, phase => phase == Phase.Running, "it runs");
        return agent;
    }

    private static Task Ended(TestAgent agent, EndCause cause, string words) => agent.PassTime(
        TimeSpan.FromMilliseconds(100), () => agent.Control.Believes.GetValueOrDefault(Web) is { } told ? (told.Phase, told.Cause, told.Message)
            : default, seen => seen == (Phase.Exited, cause, words), $"it has ended: {cause}, {words}");
}
