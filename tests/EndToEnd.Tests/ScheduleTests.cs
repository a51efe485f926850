using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>A schedule over a change of masters, in a cluster of its own.</summary>
public sealed class ScheduleTests
{
    private static readonly TimeSpan EveryTenSeconds = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Each_moment_begins_one_run_over_the_death_of_the_master_that_looks_after_the_job()
    {
        await using var cluster = await RunningCluster.Start();
        using var watch = new LifeWatch(cluster.Name);
        await cluster.Make("ticks", $$"""
            {"image":"{{Engine.Image}}","command":["/bin/busybox","true"],"mode":"job","schedule":"*/10 * * * * *"}
            """);
        Assert.NotNull((await cluster.Service("ticks")).Job!.Schedule!.Next);
        await HasRun(cluster, 2);

        var owner = await cluster.Owner();
        var other = Array.FindIndex([.. cluster.RunFile.Masters], it => it != owner);
        await cluster.StopApp(owner.Name, kill: true);
        await HasRun(cluster, 4, other);
        await cluster.StartApp(owner.Name);
        var job = (await HasRun(cluster, 6, other)).Job!;

        var moments = job.Runs.Select(run => run.ScheduledFor!.Value).Order().ToList();
        Assert.All(moments, it => Assert.Equal(0, it.Ticks % EveryTenSeconds.Ticks));
        Assert.Equal(moments, moments.Distinct());
        // What has no run is told of.
        var told = await cluster.History("ticks");
        var without = (int)((moments[^1] - moments[0]) / EveryTenSeconds) + 1 - moments.Count;
        string[] excuses = ["is left out", "was missed"];
        var isTold = told.Any(it => excuses.Any(why => it.Contains(why, StringComparison.Ordinal)));
        Assert.True(without == 0 || isTold, $"{without} moments without a run:\n{string.Join("\n", told)}");
        var begun = watch.Story.Split('\n').Where(line => line.Contains(" start ", StringComparison.Ordinal))
            .CountBy(line => line.Split(' ')[^1]).ToList();
        Assert.All(begun, it => Assert.True(it.Value == 1, $"{it.Key} began {it.Value} times:\n{watch.Story}"));
        Assert.All(job.Runs.Skip(1), run => Assert.True(run.State == RunState.Completed, $"{run}"));
    }

    private static Task<ServiceView> HasRun(RunningCluster cluster, int runs, int master = 0) => cluster.Eventually(
        () => cluster.Service("ticks", master), it => it.Job?.Runs is [{ Number: var newest }, ..] && newest >= runs,
        $"{runs} runs have begun");
}
