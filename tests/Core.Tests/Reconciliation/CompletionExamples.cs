using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>A program that ends with 0 where it may has done its work.</summary>
public sealed class CompletionExamples
{
    private static readonly InstanceReport Ends = new() { Instance = "", Phase = Phase.Exited, ExitCode = 0, Cause = EndCause.Program };

    private static CalmCluster Running(RestartCondition condition, int instances = 1) => CalmCluster.Running(
        new ServiceSpec
        {
            Container = new() { Image = "job:1" }, Instances = instances, Restart = new RestartPolicy { Condition = condition },
        },
        "a", "b");

    [Theory]
    [InlineData(RestartCondition.OnFailure, "start-first")]
    [InlineData(RestartCondition.Never, "start-first")]
    [InlineData(RestartCondition.OnFailure, "stop-first")]
    public void An_update_whose_program_ends_well_is_done(RestartCondition condition, string order)
    {
        var cluster = Running(condition, instances: 2);
        cluster.Behaviours["job:2"] = Ends;
        cluster.Set($$"""{"image":"job:2","update":{"order":"{{order}}"} }""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(cluster.Live);
        Assert.Equal(
            ("2/2 updated to revision 2", null, 2), (cluster.Record!.LastRollout, cluster.Record.Rollout, cluster.Record.Revision));
        Assert.Equal(["web-1-r2-a1", "web-2-r2-a1"], Begun(cluster));
        var policy = condition == RestartCondition.Never ? "never" : "on-failure";
        Assert.Equal([$"slots 1, 2: finished with exit code 0; its restart policy is {policy}"], cluster.Last!.Waiting);
    }

    [Fact]
    public void What_has_finished_is_not_begun_again_by_an_update_but_in_its_new_revision()
    {
        var cluster = Running(RestartCondition.OnFailure, instances: 3);
        foreach (var slot in new[] { 1, 2, 3 }) cluster.Kill($"web-{slot}-r1-a1", 0);
        cluster.Settle();
        cluster.Orders.Clear();
        cluster.Set("""{"labels":{"team":"red"}}""");
        cluster.Settle();
        Assert.Empty(cluster.Orders);
        cluster.Set("""{"image":"job:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r2-a1", "web-2-r2-a1", "web-3-r2-a1"], Begun(cluster));
    }

    [Fact]
    public void An_end_that_is_no_success_still_fails_the_update()
    {
        var cluster = Running(RestartCondition.Never);
        cluster.Behaviours["job:2"] = Ends with { ExitCode = 3 };
        cluster.Set("""{"image":"job:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("revision 2 was rolled back to 1: slot 1 failed: exit code 3", cluster.Record!.LastRollout);
    }

    [Fact]
    public void Where_it_is_always_to_run_ending_well_is_a_failure()
    {
        var cluster = Running(RestartCondition.Always);
        cluster.Behaviours["job:2"] = Ends;
        cluster.Set("""{"image":"job:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("revision 2 was rolled back to 1: slot 1 failed: exit code 0", cluster.Record!.LastRollout);
    }

    private static IEnumerable<string> Begun(CalmCluster cluster) =>
        cluster.Orders.Where(o => o.StartsWith("run", StringComparison.Ordinal)).Select(o => o.Split(' ')[1]);

    [Fact]
    public void The_next_slot_waits_until_the_predecessor_of_what_has_finished_has_ended()
    {
        var cluster = Running(RestartCondition.OnFailure, instances: 2);
        cluster.Set("""{"image":"job:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 0);
        Assert.Equal([2, 1], cluster.Decide().Record.Slots.Select(s => s.Revision));
        cluster.Settle();
        Assert.Equal([2, 2], cluster.Record!.Slots.Select(s => s.Revision));
    }
}
