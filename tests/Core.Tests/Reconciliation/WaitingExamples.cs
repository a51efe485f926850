using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>The sentences about what waits stay few and short, however much waits.</summary>
public sealed class WaitingExamples
{
    private readonly WaitingWords waiting = new();

    [Fact]
    public void Slots_are_named_in_their_order_whoever_said_it_first()
    {
        waiting.Add(3, "there is no room");
        waiting.Add(1, "there is no room");
        Assert.Equal(["slots 1, 3: there is no room"], waiting.Words());
    }

    [Fact]
    public void Nothing_waits_without_words()
    {
        Assert.Empty(waiting.Words());
        Assert.Empty(waiting.BySlot());
    }

    [Fact]
    public void Slots_with_the_same_reason_share_a_sentence_and_the_lowest_comes_first()
    {
        waiting.Add(3, "no room");
        waiting.Add(1, "failed 3 times");
        waiting.Add(4, "no room");
        waiting.Add(0, "the rollout is paused");
        Assert.Equal(["the rollout is paused", "slot 1: failed 3 times", "slots 3, 4: no room"], waiting.Words());
    }

    [Fact]
    public void Two_reasons_of_one_slot_come_in_the_order_of_their_words()
    {
        waiting.Add(1, "b");
        waiting.Add(1, "a");
        Assert.Equal(["slot 1: a", "slot 1: b"], waiting.Words());
    }

    [Theory]
    [InlineData(5, "slots 1, 2, 3, 4, 5: no room")]
    [InlineData(6, "slots 1, 2, 3 and 3 more: no room")]
    public void Many_slots_are_counted(int slots, string sentence)
    {
        for (var slot = 1; slot <= slots; slot++) waiting.Add(slot, "no room");
        Assert.Equal([sentence], waiting.Words());
    }

    [Theory]
    [InlineData(20, "slot 20: reason 20")]
    [InlineData(22, "and 2 more")]
    public void Many_reasons_are_counted(int reasons, string last)
    {
        for (var slot = 1; slot <= reasons; slot++) waiting.Add(slot, $"reason {slot}");
        var words = waiting.Words();
        Assert.Equal((Math.Min(reasons, 21), last), (words.Count, words[^1]));
    }

    [Fact]
    public void Each_slot_knows_its_own_reason()
    {
        waiting.Add(1, "b");
        waiting.Add(2, "a");
        waiting.Add(1, "c");
        Assert.Equal(("b", "a"), (waiting.BySlot()[1], waiting.BySlot()[2]));
    }

    [Theory]
    [InlineData(20, "web-20-r1-a1 on a ended (exit code 1)")]
    [InlineData(25, "and 5 more of the kind at the same time")]
    public void Many_ends_at_the_same_time_are_counted_in_the_history(int ends, string last)
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = ends });
        cluster.Settle();
        for (var slot = 1; slot <= ends; slot++) cluster.Kill($"web-{slot}-r1-a1", 1);
        cluster.Decide();
        var told = cluster.Record!.History.Where(e => e.Kind == HistoryKind.Restart).ToList();
        Assert.Equal((Math.Min(ends, 21), last), (told.Count, told[^1].What));
    }
}
