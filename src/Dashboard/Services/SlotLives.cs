using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Instances;

namespace Orchestrator.Dashboard.Services;

/// <summary>One instance over time.</summary>
/// <param name="From">When it was first heard of, or when it came to run where nothing earlier is known.</param>
/// <param name="RunsFrom">None when it never ran, as far as it is known.</param>
/// <param name="Until">None while it lives.</param>
/// <param name="Why">Of one that has ended: what ended it.</param>
public sealed record Life(
    string Instance, int Slot, int Revision, string Worker, Tone Tone,
    DateTimeOffset? From, DateTimeOffset? RunsFrom, DateTimeOffset? Until, string? Why)
{
    /// <summary>All of it in a sentence, for who cannot see the strip.</summary>
    public string Words => string.Join(", ", new[]
    {
        $"{Instance} on {Worker}", RunsFrom is { } runs ? $"running from {runs.UtcDateTime:HH:mm:ss}" : null,
        Until is { } end ? $"until {end.UtcDateTime:HH:mm:ss}" : Tone.Words(), Why,
    }.OfType<string>());
}

/// <summary>Which instance ran when in which slot, and why it ended: out of what has been told and what is there now.</summary>
public static class SlotLives
{
    /// <param name="told">Oldest first.</param>
    public static IReadOnlyList<Life> Of(IEnumerable<ClusterEvent> told, IEnumerable<InstanceView> now)
    {
        var lives = new Dictionary<string, Life>(StringComparer.Ordinal);
        foreach (var it in told)
        {
            if (it.Kind is not (EventKind.Instance or EventKind.Health)) continue;
            if (it is not { Instance: { } name, Slot: { } slot, Worker: { } worker }) continue;
            var life = lives.GetValueOrDefault(name)
                ?? new(name, slot, it.Revision ?? 0, worker, Tone.Waiting, it.At, null, null, null);
            lives[name] = it.Kind == EventKind.Health && life.Until is not null ? life : After(life, it);
        }

        foreach (var it in now)
        {
            var life = lives.GetValueOrDefault(it.Name)
                ?? new(it.Name, it.Slot, it.Revision, it.Worker, Tone.Waiting, it.StartedAt, it.StartedAt, null, null);
            var tone = Tones.Of(it);
            lives[it.Name] = life with
            {
                Tone = tone, RunsFrom = life.RunsFrom ?? it.StartedAt, From = life.From ?? it.StartedAt,
                Why = tone == Tone.Ended ? life.Why ?? it.Message : null,
            };
        }

        return [.. lives.Values.OrderBy(it => it.Slot).ThenBy(it => it.From ?? DateTimeOffset.MinValue)];
    }

    private static Life After(Life life, ClusterEvent it)
    {
        if (it.Kind == EventKind.Instance && it.Phase is null or Phase.Exited)
            return life with { Tone = Tone.Ended, Until = it.At, Why = it.What };
        var tone = Tones.Of(it.Phase ?? Phase.Running, it.Health ?? InstanceHealth.None, it.Readiness);
        return life with { Tone = tone, RunsFrom = life.RunsFrom ?? (it.Phase == Phase.Running ? it.At : null), Until = null, Why = null };
    }
}
