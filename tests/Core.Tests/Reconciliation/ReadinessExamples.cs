using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Wishes;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>What an instance's own word about its readiness decides, and what it does not.</summary>
public sealed class ReadinessExamples
{
    private static readonly InstanceReport NotReady = new()
    {
        Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Healthy, Readiness = InstanceHealth.Unhealthy,
    };

    [Fact]
    public void One_that_is_not_ready_does_not_count_and_is_left_alone()
    {
        var cluster = Running();
        cluster.Tell("a", NotReady);
        var plan = cluster.Decide();
        Assert.Equal((0, 0), (plan.Ready, plan.Steps.Count));
        cluster.Tell("a", NotReady with { Readiness = InstanceHealth.Healthy });
        Assert.Equal(1, cluster.Decide().Ready);
    }

    [Fact]
    public void A_dry_run_knows_no_better_when_it_will_be_ready()
    {
        var cluster = Running();
        cluster.Tell("a", NotReady);
        var before = cluster.Record!;
        var changed = cluster.Ask(new UpdateService(new() { ["image"] = "web:2" }));
        var plan = DryRun.Of(before, cluster.Situation with { Record = changed.Record! });
        Assert.Contains(plan.Steps, step => step is { Kind: "run", Instance: "web-1-r2-a1" });
    }

    private static CalmCluster Running()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec
        {
            Container = new() { Image = "web:1", Ports = [new(80)], Readiness = new() { Http = new() } },
            Update = new() { Monitor = TimeSpan.Zero },
        });
        return cluster.Settle();
    }
}
