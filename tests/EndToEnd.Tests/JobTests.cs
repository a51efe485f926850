using System.Net;
using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>What runs to its end, on real containers.</summary>
[Collection(SharedCluster.Calm)]
public sealed class JobTests(SharedCluster shared)
{
    private readonly RunningCluster cluster = shared.Running;

    [Fact]
    public async Task A_job_does_its_work_two_at_a_time_and_is_run_again()
    {
        using var watch = new LifeWatch(cluster.Name);
        await cluster.Make("sums", $$"""
            {"image":"{{Engine.Image}}","command":["/bin/busybox","sh","-c","/bin/busybox sleep 1; echo 17 rows"],
                "mode":"job","completions":3,"parallelism":2}
            """);

        var sums = await Says("sums", "completed 3/3");
        Assert.Equal((ServiceState.Completed, RunState.Completed), (sums.State, Assert.Single(sums.Job!.Runs).State));
        Assert.Equal(
            ["sums-1-r1-n1-a1 0 17 rows", "sums-2-r1-n1-a1 0 17 rows", "sums-3-r1-n1-a1 0 17 rows"],
            sums.Job.Ended.Select(it => $"{it.Name} {it.ExitCode} {string.Join(';', it.LastLines)}").Order(StringComparer.Ordinal));

        Assert.Equal(HttpStatusCode.OK, (await Run("sums")).StatusCode);
        var refused = await Run("sums");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("run 2 still goes on", await RunningCluster.Text(refused), StringComparison.Ordinal);
        sums = await cluster.Eventually(
            () => cluster.Service("sums"), it => it.Job!.Runs is [{ Number: 2, State: not RunState.Running }, ..], "run 2 has ended");
        Assert.Equal((RunState.Completed, 3), (sums.Job!.Runs[0].State, sums.Job.Runs[0].Completed));
        Assert.Equal("", string.Join("\n", Twice(watch)));
        Assert.True(watch.MostOf("sums") == 2, $"not two at a time:\n{watch.Story}");
        await cluster.Withdraw("sums");
    }

    [Fact]
    public async Task A_job_that_fails_is_tried_as_often_as_was_asked_and_says_why()
    {
        await cluster.Make("broken", $$"""
            {"image":"{{Engine.Image}}","command":["/bin/busybox","sh","-c","echo begins; echo no database >&2; exit 4"],
                "mode":"job","attempts":2,"restart":{"delay":"100ms"} }
            """);

        var broken = await cluster.Eventually(() => cluster.Service("broken"), it => it.State == ServiceState.Failed, "the run has failed");
        Assert.Matches(
            "^completed 0/1; run 1 has failed: slot 1 failed 2 times in [0-9]+s: exit code 4: no database, last on worker-",
            broken.Job!.Progress);
        Assert.Equal(["broken-1-r1-n1-a2", "broken-1-r1-n1-a1"], broken.Job.Ended.Select(it => it.Name));
        Assert.All(broken.Job.Ended, it => Assert.Equal(
            (4, "begins;no database"), (it.ExitCode, string.Join(';', it.LastLines.Order(StringComparer.Ordinal)))));
        Assert.Empty(broken.Instances);
        await cluster.Withdraw("broken");
    }

    private static IEnumerable<string> Twice(LifeWatch watch) => watch.Story.Split('\n')
        .Where(line => line.Contains(" start sums-", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1])
        .CountBy(it => it).Where(it => it.Value > 1).Select(it => $"{it.Key} began {it.Value} times");

    private Task<HttpResponseMessage> Run(string job) => cluster.Send(HttpMethod.Post, $"/services/{job}/run");

    private Task<ServiceView> Says(string job, string progress) =>
        cluster.Eventually(() => cluster.Service(job), it => it.Job?.Progress == progress, $"{job} says {progress}");
}
