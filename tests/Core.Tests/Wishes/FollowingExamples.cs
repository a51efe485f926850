using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Wishes;

/// <summary>What a stack orders is done once, and nothing that comes late undoes what came after.</summary>
public sealed class FollowingExamples
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private ServiceRecord? record;

    private static ServiceSpec Spec(string image, ServiceMode mode = ServiceMode.Replicated) => new()
    {
        Container = new() { Image = image }, Mode = mode, Labels = ValueMap.Of((StackNames.StackLabel, "shop")),
    };

    [Fact]
    public void An_order_that_comes_twice_is_done_once()
    {
        Assert.Equal(ServiceOutcome.Done, Tell(1, 0, Spec("web:1")));
        var first = record;
        Assert.Equal(ServiceOutcome.Done, Tell(1, 0, Spec("web:1")));
        Assert.Same(first, record);
        Tell(2, 0, Spec("web:2"));
        Tell(2, 0, Spec("web:2"));
        Assert.Equal((2, new StackMark("shop", 2, 0, 2)), (record!.Revision, record.Stack));
    }

    [Fact]
    public void An_order_that_comes_late_changes_nothing()
    {
        Tell(1, 0, Spec("web:1"));
        Tell(3, 0, Spec("web:3"));
        Assert.Equal(ServiceOutcome.Overtaken, Tell(2, 0, Spec("web:2")));
        Assert.Equal(ServiceOutcome.Overtaken, Tell(2, 1, null));
        Assert.Equal("web:3", record!.Spec.Container.Image);
        Assert.False(record.Withdrawn);
    }

    [Fact]
    public void What_was_to_be_created_and_is_not_wanted_any_more_is_not_created_late()
    {
        // The order to create it is on its way when all goes back.
        Assert.Equal(ServiceOutcome.Done, Tell(1, 1, null));
        Assert.True(record!.IsTombstone);
        Assert.Equal(ServiceOutcome.Overtaken, Tell(1, 0, Spec("web:1")));
        Assert.True(record.IsTombstone);
        Assert.Equal(ServiceOutcome.Done, Tell(2, 0, Spec("web:2")));
        Assert.False(record.Withdrawn);
    }

    [Fact]
    public void The_way_back_leads_to_the_revision_that_was_with_the_bytes_that_ran()
    {
        Tell(1, 0, Spec("web:1"));
        record = record! with
        {
            Revisions = record.Revisions.Select(it => it with { Content = new() { Digest = "sha256:1" } }).ToValueList(),
        };
        Tell(2, 0, Spec("web:2"));
        Tell(2, 1, Spec("web:1") with { Instances = 3 }, isBack: true);
        Assert.Equal((1, 3, "sha256:1"), (record.Revision, record.Spec.Instances, record.FindRevision(1)!.Content.Digest));
        Assert.Equal(1, record.Stack!.Revision);
    }

    [Fact]
    public void What_belongs_to_nobody_or_to_another_stack_is_left_alone()
    {
        record = ServiceChanges.Apply(null, "shop-web", new CreateService(new() { Container = new() { Image = "mine:1" } }), Now).Record;
        Assert.Equal(ServiceOutcome.Conflict, Tell(1, 0, Spec("web:1")));
        Assert.Equal(ServiceOutcome.Conflict, Tell(1, 1, null));
        record = record! with { Spec = record.Spec with { Labels = ValueMap.Of((StackNames.StackLabel, "other")) } };
        Assert.Equal(ServiceOutcome.Conflict, Tell(1, 0, Spec("web:1")));
        Assert.Equal("mine:1", record.Spec.Container.Image);
    }

    [Fact]
    public void A_restart_replaces_the_instances_and_nothing_else()
    {
        Tell(1, 0, Spec("web:1"));
        Tell(2, 0, Spec("web:1"), isRestart: true);
        Assert.Equal((2, "web:1"), (record!.Revision, record.Spec.Container.Image));
    }

    [Fact]
    public void A_job_runs_when_it_changes_and_when_its_last_run_did_no_good_but_not_on_the_way_back()
    {
        Tell(1, 0, Spec("job:1", ServiceMode.Job));
        Ends(RunState.Completed);
        Tell(2, 0, Spec("job:1", ServiceMode.Job));
        Assert.Single(record!.Job!.Runs);
        Tell(3, 0, Spec("job:2", ServiceMode.Job));
        Ends(RunState.Failed);
        Tell(3, 1, Spec("job:2", ServiceMode.Job));
        Ends(RunState.Failed);
        Tell(3, 2, Spec("job:1", ServiceMode.Job), isBack: true);
        Assert.Equal((3, 1), (record.Job.Runs.Count, record.Revision));
    }

    [Fact]
    public void A_run_that_goes_on_is_not_disturbed_asking_again_comes_through()
    {
        Tell(1, 0, Spec("job:1", ServiceMode.Job));
        Assert.Equal(ServiceOutcome.NotDone, Tell(2, 0, Spec("job:2", ServiceMode.Job)));
        Assert.Equal(new StackMark("shop", 1, 0, 1), record!.Stack);
        Ends(RunState.Completed);
        Assert.Equal(ServiceOutcome.Done, Tell(2, 0, Spec("job:2", ServiceMode.Job)));
        Assert.Equal(2, record.Job!.Runs[^1].Revision);
    }

    private void Ends(RunState state) => record = record! with
    {
        Job = record.Job! with { Runs = record.Job.Runs.Select(it => it with { State = state }).ToValueList() },
    };

    private ServiceOutcome Tell(long deployment, int round, ServiceSpec? spec, bool isRestart = false, bool isBack = false)
    {
        var change = new FollowStack(new("shop", deployment, round), spec, isRestart, isBack) { Who = "ann" };
        var result = ServiceChanges.Apply(record, "shop-web", change, Now);
        if (result.Outcome == ServiceOutcome.Done) record = result.Record;
        return result.Outcome;
    }
}
