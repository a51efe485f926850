using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Lease;

/// <summary>A worker that is told to stop.</summary>
public sealed class HandBackTests : IDisposable
{
    private const string Once = "once-1-r1-a1";
    private const string Web = "web-1-r1-a1";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_ends_what_may_run_once_only_and_tells_it_before_it_leaves_and_nothing_else()
    {
        var agent = await Running();
        agent.BeginShutdown();
        await agent.DisposeAsync();
        Assert.Equal([Web], agent.Engine.Names(ContainerState.Running));
        Assert.Contains($"stop {Once} within 5 s", agent.Engine.Done);
        var told = agent.Control.Believes[Once];
        Assert.Equal((Phase.Exited, (EndCause?)EndCause.HandedBack, "handed back: its worker is being stopped"),
            (told.Phase, told.Cause, told.Message));
    }

    [Fact]
    public async Task From_then_on_its_beats_say_that_it_takes_nothing_new()
    {
        await using var agent = await Running();
        agent.BeginShutdown();
        await TestAgent.Until(
            () => agent.Control.Beats.Last().EngineProblem, problem => problem == "the worker is being stopped", "it says so at once");
    }

    [Fact]
    public async Task What_it_could_tell_nobody_is_told_by_the_next_agent()
    {
        var before = await Running();
        before.Control.Away = true;
        before.BeginShutdown();
        var leaving = before.DisposeAsync().AsTask();
        await before.PassTime(TimeSpan.FromMilliseconds(100), () => leaving.IsCompleted, "it does not wait for ever");
        Assert.NotEqual(Phase.Exited, before.Control.Believes[Once].Phase);

        await using var agent = await new TestAgent(before.Engine, folder: folder).Start();
        await TestAgent.Until(
            () => agent.Control.Believes.GetValueOrDefault(Once)?.Cause, cause => cause == EndCause.HandedBack, "it is told");
    }

    [Fact]
    public async Task A_container_that_cannot_be_ended_does_not_hold_it_up_for_ever()
    {
        var agent = await Running();
        agent.Engine.Hold("stop");
        agent.BeginShutdown();
        var leaving = agent.DisposeAsync().AsTask();
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => leaving.IsCompleted, "it leaves all the same");
    }

    private async Task<TestAgent> Running()
    {
        var agent = await new TestAgent(folder: folder).Start();
        await agent.Run(Once, new() { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop });
        await agent.Run(Web);
        await agent.Believed($"{Once} Running", $"{Web} Running");
        return agent;
    }
}
