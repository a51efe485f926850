using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>When a revision has proven good, so that a failure of a later one may return to it.</summary>
public sealed class ProofExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" } };
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(5);

    private readonly CalmCluster cluster = new("a");

    private bool HasProvenGood(int revision = 1) => cluster.Decide().Record.FindRevision(revision)!.Proven;

    [Fact]
    public void The_watch_begins_with_the_start_and_not_while_the_image_is_fetched()
    {
        cluster.Behaviours["web:1"] = new InstanceReport { Instance = "", Phase = Phase.Starting };
        cluster.Create(Web);
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, StartedAt = cluster.Now });
        Assert.False(HasProvenGood());
        Assert.Equal(cluster.Now + Watch, cluster.Last!.LookAgainAt);
        cluster.Pass(Watch);
        Assert.True(HasProvenGood());
    }

    [Fact]
    public void The_first_instance_that_has_served_long_enough_is_enough()
    {
        cluster.Create(Web);
        cluster.Pass(TimeSpan.FromSeconds(3));
        cluster.Set("""{"instances":2}""");
        cluster.Settle();
        Assert.Equal(CalmCluster.Start + Watch, cluster.Last!.LookAgainAt);
        cluster.Pass(TimeSpan.FromSeconds(2));
        Assert.True(HasProvenGood());
    }

    [Fact]
    public void What_runs_and_is_never_ready_proves_nothing()
    {
        cluster.Behaviours["web:1"] = CalmCluster.Unready;
        cluster.Create(Web);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.False(HasProvenGood());
    }

    [Fact]
    public void What_was_made_from_something_else_proves_nothing()
    {
        cluster.Create(Web);
        cluster.Settle();
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Tell("a", new InstanceReport
        {
            Instance = "web-1-r1-a1", Phase = Phase.Running, StartedAt = CalmCluster.Start, Fingerprint = "something else",
        });
        Assert.False(HasProvenGood());
    }

    [Fact]
    public void What_serves_in_an_earlier_revision_proves_nothing_about_the_next()
    {
        cluster.Create(Web);
        cluster.Settle();
        // Begun by a worker that told no fingerprints yet.
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, StartedAt = cluster.Now });
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.True(HasProvenGood());
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Assert.False(HasProvenGood(revision: 2));
    }

    [Fact]
    public void What_has_done_its_work_has_proven_its_own_revision_good_at_once()
    {
        cluster.Create(Web with { Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } });
        cluster.Settle();
        cluster.Kill("web-1-r1-a1", 0);
        Assert.True(HasProvenGood());
    }

    [Fact]
    public void Each_revision_is_proven_by_itself_and_after_others()
    {
        cluster.Behaviours["web:1"] = CalmCluster.Unready;
        cluster.Create(Web);
        foreach (var image in new[] { "web:2", "web:3" })
        {
            cluster.Pass(TimeSpan.FromMinutes(1));
            cluster.Set($$"""{"image":"{{image}}"}""");
        }

        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal([false, true, true], cluster.Record!.Revisions.Select(r => r.Proven));
    }
}
