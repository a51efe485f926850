using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Services;

namespace Orchestrator.Dashboard.Tests.Services;

public sealed class RolloutSlotsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_slot_is_old_starting_watched_good_or_failed()
    {
        var service = new ServiceView
        {
            Name = "web", Revision = 2, Epoch = 1, Observed = true, State = ServiceState.Updating,
            Spec = new() { Update = new() { Monitor = TimeSpan.FromSeconds(10) } },
            Instances =
            [
                Instance(1, 2, Phase.Running, Noon.AddSeconds(-11)), Instance(2, 2, Phase.Running, Noon.AddSeconds(-4)),
                Instance(2, 1, Phase.Stopping, Noon.AddSeconds(-99)), Instance(3, 2, Phase.Starting, null),
                Instance(4, 1, Phase.Running, Noon), Instance(5, 2, Phase.Exited, Noon),
            ],
        };
        Assert.Equal(
            ["1 good", "2 watched", "3 starting", "4 old", "5 failed"],
            RolloutSlots.Of(service, Noon).Select(it => $"{it.Number} {it.Class}"));
        Assert.Equal(TimeSpan.FromSeconds(4), RolloutSlots.Of(service, Noon)[1].Proven);
    }

    private static InstanceView Instance(int slot, int revision, Phase phase, DateTimeOffset? since) => new()
    {
        Name = $"web-{slot}-r{revision}-a1", Slot = slot, Revision = revision, Worker = "a", Phase = phase, StartedAt = since,
    };
}
