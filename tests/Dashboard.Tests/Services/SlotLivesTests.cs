using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Instances;
using Orchestrator.Dashboard.Services;

namespace Orchestrator.Dashboard.Tests.Services;

public sealed class SlotLivesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_life_goes_from_its_placing_to_its_end_and_says_why_it_ended()
    {
        var life = Assert.Single(SlotLives.Of(
            [Told(0, Phase.Placed), Told(1, Phase.Running), Told(9, Phase.Exited, "it has ended (exit code 1)")], []));
        Assert.Equal(
            (Noon, Noon.AddSeconds(1), Noon.AddSeconds(9), "it has ended (exit code 1)", Tone.Ended),
            (life.From, life.RunsFrom, life.Until, life.Why, life.Tone));
    }

    [Fact]
    public void What_nobody_counts_on_any_more_has_ended_too() =>
        Assert.Equal("counted on no more", SlotLives.Of([Told(0, Phase.Running), Told(5, null, "counted on no more")], [])[0].Why);

    [Fact]
    public void Of_what_is_there_now_more_is_known_than_was_told()
    {
        var now = new InstanceView
        {
            Name = "web-1-r1-a1", Slot = 1, Revision = 1, Worker = "a", Phase = Phase.Running, Health = InstanceHealth.Unhealthy,
            StartedAt = Noon,
        };
        var life = Assert.Single(SlotLives.Of([], [now]));
        Assert.Equal((Noon, Noon, null, Tone.Unhealthy), (life.From, life.RunsFrom, life.Until, life.Tone));
    }

    [Fact]
    public void A_probe_that_speaks_late_does_not_bring_the_dead_back()
    {
        var late = Told(9, Phase.Running) with { Kind = EventKind.Health, Health = InstanceHealth.Healthy };
        Assert.Equal(Tone.Ended, SlotLives.Of([Told(1, Phase.Running), Told(5, Phase.Exited), late], [])[0].Tone);
    }

    private static ClusterEvent Told(int second, Phase? phase, string what = "") => new()
    {
        At = Noon.AddSeconds(second), Kind = EventKind.Instance, What = what, Service = "web", Instance = "web-1-r1-a1", Slot = 1,
        Revision = 1, Worker = "a", Phase = phase,
    };
}
