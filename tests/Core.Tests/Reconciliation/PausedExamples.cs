using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>A container that somebody has paused lives and serves nobody.</summary>
public sealed class PausedExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" } };

    private static readonly InstanceReport Paused = new() { Instance = "web-1-r1-a1", Phase = Phase.Paused };

    [Fact]
    public void It_does_not_count_as_ready_says_so_and_is_left_to_its_worker()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Tell("a", Paused);
        var plan = cluster.Decide();
        Assert.Equal((0, 0), (plan.Ready, plan.Steps.Count));
        Assert.Equal(["slot 1: web-1-r1-a1 on a is paused: somebody has paused it"], plan.Waiting);
        cluster.Tell("a", Paused with { Phase = Phase.Running });
        Assert.Equal((1, 0), (cluster.Decide().Ready, cluster.Last!.Waiting.Count));
    }

    [Fact]
    public void What_its_worker_says_of_it_is_told()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Tell("a", Paused with { Message = "docker pause, for 3 s" });
        Assert.Equal(["slot 1: web-1-r1-a1 on a is paused: docker pause, for 3 s"], cluster.Decide().Waiting);
    }

    [Fact]
    public void One_that_ends_so_is_replaced_and_nothing_is_counted()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Tell("a", Paused with { Phase = Phase.Exited, ExitCode = 137, Cause = EndCause.Person });
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on a"], cluster.Live);
        Assert.Null(cluster.Record!.Slots[0].Failures);
    }

    [Fact]
    public void A_successor_that_is_paused_has_not_proven_good()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Behaviours["web:2"] = Paused;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r1-a1 on a", "web-1-r2-a1 on a"], cluster.Live);
    }
}
