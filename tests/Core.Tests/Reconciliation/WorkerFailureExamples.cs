using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>What a worker could not do is held against the worker, unless no other can do it either.</summary>
public sealed class WorkerFailureExamples
{
    private static readonly ServiceSpec Web = new()
    {
        Container = new() { Image = "web:1" }, Instances = 2, Restart = new RestartPolicy { Attempts = 2 },
    };

    [Theory]
    [InlineData(EndCause.Worker, "no space left on device")]
    [InlineData(EndCause.Image, "cannot pull web:2: timeout")]
    public void A_worker_that_cannot_run_it_is_left_alone_and_nothing_is_counted(EndCause cause, string message)
    {
        var cluster = CalmCluster.Running(Web, "a", "b", "c");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        var there = cluster.WorkerOf("web-1-r2-a1");
        cluster.Kill("web-1-r2-a1", 0, message, cause, ran: false);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("2/2 updated to revision 2", cluster.Record!.LastRollout);
        Assert.DoesNotContain(there, cluster.Record.Instances.Select(i => i.Worker));
        Assert.All(cluster.Record.Slots, slot => Assert.Null(slot.Failures));
        Assert.Equal($"could not run web-1-r2-a1: {message}", cluster.Record.Exclusions.Single().Why);
        cluster.Pass(TimeSpan.FromMinutes(5));
        cluster.Set("""{"instances":3}""");
        cluster.Settle();
        Assert.Contains(there, cluster.Record.Instances.Select(i => i.Worker));
    }

    [Fact]
    public void One_that_is_avoided_for_another_reason_can_still_take_it()
    {
        var cluster = CalmCluster.Running(Web, "a", "b");
        var (one, other) = (cluster.Record!.Instances[0], cluster.Record.Instances[1]);
        cluster.Kill(other.Name, 0, cause: EndCause.HandedBack);
        cluster.Decide();
        cluster.Kill(one.Name, 0, "no space left on device", EndCause.Worker, ran: false);
        cluster.Decide();
        Assert.Null(cluster.Record.Slots[0].Failures);
        Assert.Contains(cluster.Record.Exclusions, e => e.Worker == one.Worker && e.IsFailure);
    }

    [Theory]
    [InlineData(EndCause.Worker, 4, 4)]
    [InlineData(EndCause.Image, 2, 2)]
    [InlineData(EndCause.Image, 4, 3)]
    public void What_no_worker_can_do_is_a_failure_after_all(EndCause cause, int workers, int tries)
    {
        var cluster = CalmCluster.Running(Web with { Instances = 1 }, [.. new[] { "a", "b", "c", "d" }.Take(workers)]);
        cluster.Set("""{"image":"web:2"}""");
        for (var attempt = 1; attempt <= tries; attempt++)
        {
            Assert.Equal(2, cluster.Settle().Record!.Revision);
            cluster.Kill($"web-1-r2-a{attempt}", 0, "cannot", cause, ran: false);
        }

        cluster.Settle();
        Assert.Equal("revision 2 was rolled back to 1: slot 1 failed: cannot", cluster.Record!.LastRollout);
        Assert.Empty(cluster.Record.Exclusions);
    }

    [Theory]
    [InlineData("""{"placement":{"constraints":["worker == a"]}}""")]
    [InlineData("""{"resources":{"limit":{"cpu":7}}}""")]
    public void Whoever_may_not_take_it_or_is_too_small_is_no_other_that_could(string wish)
    {
        var cluster = CalmCluster.Running(Web with { Instances = 1 }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b") with { Capacity = new WorkerCapacity(8, ByteSize.Mi(8192), Cores: 4) });
        cluster.Set(wish);
        cluster.Pass(TimeSpan.FromMinutes(1));
        var there = cluster.Record!.Instances.Single();
        Assert.Equal("a", there.Worker);
        cluster.Kill(there.Name, 0, "no space left on device", EndCause.Worker, ran: false);
        cluster.Decide();
        Assert.Equal("no space left on device", cluster.Record!.Slots[0].Failures?.What);
    }

    [Fact]
    public void A_new_revision_is_tried_everywhere()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 1 }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 0, "cannot pull web:2", EndCause.Image, ran: false);
        cluster.Settle();
        Assert.Single(cluster.Record!.Exclusions);
        cluster.Set("""{"image":"web:3"}""");
        Assert.Empty(cluster.Record.Exclusions);
    }
}
