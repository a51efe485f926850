using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>Two stages that undo each other are a mistake, and a mistake in the heart must not be silent.</summary>
public sealed class UnsettledExamples
{
    private readonly CalmCluster cluster = CalmCluster.Running(
        new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 7 }, "a", "b");

    [Fact]
    public void A_decision_that_ends_names_nothing()
    {
        cluster.Set("""{"instances":3}""");
        Assert.Null(cluster.Decide().Unsettled);
    }

    [Fact]
    public void A_stage_that_always_changes_something_is_stopped_and_named()
    {
        var passes = 0;
        var plan = DecideWith(draft => Remember(draft, 1, $"pass {++passes}"));
        Assert.Equal((Reconciler.MostPasses, "pass 6"), (passes, plan.Record.Slots[0].Ended));
        Assert.Equal("decided again and again in 6 passes: slot 1", plan.Unsettled);
        Assert.Equal([plan.Unsettled!], plan.Waiting);
        Assert.Equal(cluster.Now + TimeSpan.FromSeconds(2), plan.LookAgainAt);
    }

    [Fact]
    public void A_change_that_ends_with_the_last_pass_but_one_is_settled()
    {
        var passes = 0;
        var plan = DecideWith(draft =>
        {
            if (++passes < Reconciler.MostPasses) Remember(draft, 1, $"pass {passes}");
        });
        Assert.Equal((Reconciler.MostPasses, "pass 5"), (passes, plan.Record.Slots[0].Ended));
        Assert.Null(plan.Unsettled);
    }

    [Fact]
    public void What_the_plan_says_anyway_comes_after_and_an_earlier_look_stays()
    {
        var passes = 0;
        var plan = DecideWith(draft =>
        {
            draft.Change(draft.Record with { Rollout = draft.Record.Rollout is null ? Rollout(draft) : null });
            draft.Wait(2, $"waits in pass {++passes}", draft.Now + TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["decided again and again in 6 passes: the rollout", "slot 2: waits in pass 6"], plan.Waiting);
        Assert.Equal(cluster.Now + TimeSpan.FromSeconds(1), plan.LookAgainAt);
    }

    [Theory]
    [InlineData(5, "web-5-r1-a1, web-6-r1-a1, web-7-r1-a1, the revision, the rebalancing")]
    [InlineData(4, "web-4-r1-a1, web-5-r1-a1, web-6-r1-a1, web-7-r1-a1, the revision and 1 more")]
    public void Everything_that_changes_is_named_but_no_more_than_a_few(int from, string named)
    {
        var passes = 0;
        var plan = DecideWith(draft =>
        {
            passes++;
            draft.Change(draft.Record with { Revision = passes, Rebalance = new(draft.Now, passes) });
            draft.Stop(draft.Slots[0].Items[0], "once");
            if (passes < Reconciler.MostPasses) return;
            foreach (var slot in draft.Slots.Where(slot => slot.Number >= from)) draft.Stop(slot.Items[0], "last");
        });
        Assert.Equal($"decided again and again in 6 passes: {named}", plan.Unsettled);
    }

    [Fact]
    public void What_comes_and_what_goes_is_named_as_well()
    {
        var passes = 0;
        var plan = DecideWith(draft =>
        {
            draft.Change(draft.Record);
            if (++passes < Reconciler.MostPasses) return;
            draft.Drop(draft.Slots.Find(7)!, "last");
            draft.EnterRevision(draft.Slots.FindOrAdd(9), 1, worker: null);
        });
        Assert.Equal("decided again and again in 6 passes: web-7-r1-a1, slot 7, slot 9", plan.Unsettled);
    }

    [Fact]
    public void A_record_that_is_only_written_anew_is_named_too()
    {
        var plan = DecideWith(draft => draft.Change(draft.Record));
        Assert.Equal("decided again and again in 6 passes: nothing that it could name", plan.Unsettled);
    }

    private Plan DecideWith(Action<Draft> stage) => Reconciler.Survey(cluster.Situation, [stage]).Plan;

    private static void Remember(Draft draft, int number, string why)
    {
        var slot = draft.Slots.Find(number)!;
        draft.SetSlot(slot, slot.Record! with { Ended = why });
    }

    private static RolloutRecord Rollout(Draft draft) => new() { From = 1, To = 1, StartedAt = draft.Now };
}
