using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Instances;

namespace Orchestrator.Dashboard.Services;

/// <summary>How far one slot has come in a rollout.</summary>
/// <param name="Class">old, starting, watched, good or failed.</param>
/// <param name="Monitor">Of one that is watched: for how long it is; none otherwise.</param>
/// <param name="Proven">For how long it has served already.</param>
public sealed record RolloutSlot(int Number, string Class, string Words, TimeSpan? Monitor, TimeSpan Proven);

public static class RolloutSlots
{
    /// <summary>The revision in force is the one that the rollout goes to.</summary>
    public static IReadOnlyList<RolloutSlot> Of(ServiceView service, DateTimeOffset now) =>
        [.. service.Instances.GroupBy(it => it.Slot).OrderBy(it => it.Key).Select(slot => Of(slot.Key, [.. slot], service, now))];

    private static RolloutSlot Of(int number, List<InstanceView> instances, ServiceView service, DateTimeOffset now)
    {
        var newest = instances.Where(it => it.Revision == service.Revision).MaxBy(it => it.StartedAt ?? DateTimeOffset.MinValue);
        if (newest is null) return new(number, "old", $"slot {number}: revision {instances[0].Revision}", null, default);
        var words = $"slot {number}: {newest.Name} {Tones.Of(newest).Words()}";
        if (Tones.Of(newest) is Tone.Ended or Tone.Unhealthy) return new(number, "failed", words, null, default);
        if (Tones.Of(newest) != Tone.Serving || newest.StartedAt is not { } since) return new(number, "starting", words, null, default);
        var proven = now - since;
        return proven < service.Spec.Update.Monitor
            ? new(number, "watched", $"{words}, watched", service.Spec.Update.Monitor, proven < TimeSpan.Zero ? default : proven)
            : new(number, "good", words, null, proven);
    }
}
