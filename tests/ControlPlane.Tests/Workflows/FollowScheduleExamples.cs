using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Workflows.Schedules;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>
/// The workflow that follows a schedule, carried out by several masters beside sidecars, on a clock that moves when it is told to.
/// </summary>
public sealed class FollowScheduleExamples
{
    private const string EveryTenSeconds = """{"image":"job:1","mode":"job","schedule":"*/10 * * * * *"}""";

    private static DateTimeOffset At(int seconds) => CalmCluster.Start.AddSeconds(seconds);

    [Fact]
    public async Task Each_moment_begins_one_run_also_where_the_master_dies_that_begins_it()
    {
        await using var world = await ScheduleWorld.Start(EveryTenSeconds);
        await world.StartMaster();
        HashSet<DateTimeOffset> deaths = [];
        world.After = (due, master) => due.At == At(20) && deaths.Add(due.At) ? master.Die() : Task.CompletedTask;
        world.Before = async (due, master) =>
        {
            if (due.At != At(40) || !deaths.Add(due.At)) return;
            await world.StartMaster();
            await master.Die();
        };
        for (var moment = 1; moment <= 6; moment++)
        {
            world.Pass(10);
            await world.UntilBegun(moment);
            await world.Complete();
        }

        Assert.Equal(2, deaths.Count);
        Assert.Equal([At(10), At(20), At(30), At(40), At(50), At(60)], world.Begun);
        Assert.Equal([1, 2, 3, 4, 5, 6], world.Job.Runs.Select(run => run.Number));
        Assert.All(world.Job.Runs, run => Assert.Equal(RunState.Completed, run.State));
    }

    [Fact]
    public async Task What_was_missed_while_no_master_was_there_is_made_up_once()
    {
        await using var world = await ScheduleWorld.Start(EveryTenSeconds);
        world.Pass(10);
        await world.UntilBegun(1);
        await world.Complete();
        await world.First.Kill();
        world.Pass(35);
        await world.StartMaster();
        await world.UntilBegun(2);
        await world.Complete();
        Assert.Equal([At(10), At(40)], world.Begun);
        Assert.Contains(world.Stage.Store.Stored!.History, it => it.What.StartsWith(
            "what was due since 2026-01-01 12:00:20Z was missed", StringComparison.Ordinal));
        world.Pass(5);
        await world.UntilBegun(3);
        Assert.Equal(At(50), world.Begun[2]);
    }

    [Theory]
    [InlineData("forbid", 1)]
    [InlineData("allow", 2)]
    [InlineData("replace", 2)]
    public async Task A_run_that_still_goes_on_is_minded(string overlap, int runs)
    {
        await using var world = await ScheduleWorld.Start(
            $$"""{"image":"job:1","mode":"job","schedule":"*/10 * * * * *","overlap":"{{overlap}}"}""");
        world.Pass(10);
        await world.UntilBegun(1);
        world.Pass(10);
        await PassingTime.Until(() => world.Job.DecidedUpTo, upTo => upTo >= At(20), "the second moment is decided upon");
        Assert.Equal(runs, world.Job.LastRun);
    }

    [Fact]
    public async Task A_change_is_heard_at_once_and_a_pause_ends_the_workflow()
    {
        await using var world = await ScheduleWorld.Start("""{"image":"job:1","mode":"job","schedule":"0 3 * * *"}""");
        await world.Ask(Wish.Update("""{"schedule":"*/10 * * * * *"}"""));
        await Follows(world, FollowerState.GoesOn, "*/10 * * * * *");
        world.Pass(10);
        await world.UntilBegun(1);
        await world.Ask(new PauseRollout());
        await Follows(world, FollowerState.Ended);
        await world.Ask(new ResumeRollout());
        await Follows(world, FollowerState.GoesOn, "*/10 * * * * *");
        await world.Complete();
        world.Pass(10);
        await world.UntilBegun(2);
        await world.Ask(new WithdrawService());
        await Follows(world, FollowerState.Ended);
        world.Pass(5);
        await Follows(world, FollowerState.None);
    }

    [Fact]
    public async Task A_workflow_that_is_gone_is_begun_again_when_the_job_finds_that_nothing_became_of_a_moment()
    {
        await using var world = await ScheduleWorld.Start(EveryTenSeconds);
        await Follows(world, FollowerState.GoesOn);
        await world.First.Followers.End("web", TestContext.Current.CancellationToken);
        await world.First.Followers.Purge("web", TestContext.Current.CancellationToken);
        await Follows(world, FollowerState.None);
        world.Pass(31);
        await world.LookAgain();
        await world.UntilBegun(1);
        Assert.Equal([At(30)], world.Begun);
    }

    private static Task<Follower> Follows(ScheduleWorld world, FollowerState state, string? told = null) => Eventually.Become(
        world.Follower, it => it.State == state && (told is null || it.Told == told), TimeSpan.FromSeconds(20), $"{state} {told}",
        TestContext.Current.CancellationToken);
}
