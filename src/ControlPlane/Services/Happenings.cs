using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// What one keeper tells the log of events: after its activation how everything is, as soon as that is known, and then what each turn
/// has changed.
/// </summary>
internal sealed class Happenings(IEvents events, string service, TimeProvider clock)
{
    /// <summary>So much of the history is told again after an activation: an earlier one may have died before it told of it.</summary>
    private const int ToldAgain = 20;

    private readonly Dictionary<string, Known> known = new(StringComparer.Ordinal);
    private long turn;
    private long epoch;
    private int givenUp;
    private bool isComplete;
    private ServiceRecord? lastRecord;
    private Observations? lastObserved;

    public void Tell(ServiceRecord record, Observations observed, bool isObserved)
    {
        if (epoch != record.Epoch || givenUp != events.GivenUp) Forget(record.Epoch);
        if (ReferenceEquals(record, lastRecord) && ReferenceEquals(observed, lastObserved) && (isComplete || !isObserved)) return;
        var (states, left) = Changes(record, observed);
        var (history, isRetold) = NewIn(record);
        var complete = isObserved && !isComplete;
        (lastRecord, lastObserved, isComplete) = (record, observed, isComplete || complete);
        if (states.Count == 0 && left.Count == 0 && history.Count == 0 && !complete) return;
        events.Tell(new ServiceNews
        {
            Service = service, Epoch = epoch, Turn = ++turn, At = clock.GetUtcNow(), History = history, IsRetold = isRetold,
            Complete = complete,
            Instances = (complete ? known.Values.Select(it => it.State) : states).ToValueList(),
            Left = complete ? [] : left.ToValueList(),
        });
    }

    public void TellGone(ServiceRecord? record)
    {
        if (record is null || epoch == 0) return;
        events.Tell(new ServiceNews { Service = service, Epoch = record.Epoch, Turn = ++turn, At = clock.GetUtcNow(), Gone = true });
        Forget(newEpoch: 0);
    }

    private void Forget(long newEpoch)
    {
        (epoch, givenUp, isComplete, lastRecord, lastObserved) = (newEpoch, events.GivenUp, false, null, null);
        known.Clear();
    }

    private (List<InstanceState> Changed, List<string> Left) Changes(ServiceRecord record, Observations observed)
    {
        List<InstanceState> changed = [];
        HashSet<string> present = new(known.Count, StringComparer.Ordinal);
        foreach (var instance in record.Instances)
        {
            present.Add(instance.Name);
            var seen = observed.Find(instance.Name) is { } it && it.Worker == instance.Worker ? it : null;
            Note(instance.Name, new(instance, seen), changed, record.Epoch);
        }

        foreach (var seen in observed.Entries)
        {
            var name = seen.Report.Instance;
            // Of what has ended and is not decided any more nothing is left to tell, unless its end is news.
            if (present.Contains(name) || (!seen.IsLive && !known.ContainsKey(name))) continue;
            present.Add(name);
            Note(name, new(null, seen), changed, record.Epoch);
        }

        var left = known.Keys.Where(name => !present.Contains(name)).ToList();
        foreach (var name in left) known.Remove(name);
        return (changed, left);
    }

    private void Note(string name, Source source, List<InstanceState> changed, long now)
    {
        var was = known.GetValueOrDefault(name);
        if (was is not null && was.Source == source) return;
        var state = StateOf(name, source, now);
        known[name] = new(source, state);
        if (was is null || !SameInShort(was.State, state)) changed.Add(state);
    }

    private static InstanceState StateOf(string name, Source source, long epoch)
    {
        var (instance, seen) = source;
        var report = seen?.Report;
        return new InstanceState
        {
            Instance = name,
            Worker = seen?.Worker ?? instance!.Worker,
            Phase = PhaseOf(instance, report, epoch),
            Health = report?.Health ?? InstanceHealth.None,
            Readiness = report?.Readiness,
            Cause = report?.Cause,
            ExitCode = report?.ExitCode,
            Message = Words(report),
        };
    }

    /// <summary>Of one that an earlier activation placed nothing is known before its worker tells.</summary>
    private static Phase? PhaseOf(InstanceRecord? instance, InstanceReport? report, long epoch) =>
        report is null && instance!.Epoch != epoch ? null
        : Max(report?.Phase ?? Phase.Placed, instance is { Intent: Intent.Stop } ? Phase.Stopping : Phase.Placed);

    private static Phase Max(Phase one, Phase other) => one > other ? one : other;

    private static string? Words(InstanceReport? report) => report switch
    {
        { Phase: Phase.Running, Probes: [.., { Ok: false, Output: var output }] } => output,
        { Phase: Phase.Running } => null,
        _ => report?.Message,
    };

    private static bool SameInShort(InstanceState one, InstanceState other) =>
        one with { Message = other.Message, Cause = other.Cause, ExitCode = other.ExitCode } == other;

    private (ValueList<HistoryEvent> History, bool IsRetold) NewIn(ServiceRecord record)
    {
        var history = record.History;
        if (lastRecord is not null)
        {
            if (ReferenceEquals(history, lastRecord.History) || history.Count == 0) return ([], false);
            if (lastRecord.History is not [.., var last]) return (history, false);
            for (var at = history.Count - 1; at >= 0; at--)
            {
                if (ReferenceEquals(history[at], last)) return (history.Skip(at + 1).ToValueList(), false);
            }
        }

        return (history.TakeLast(ToldAgain).ToValueList(), true);
    }

    /// <summary>What a state was made from: the same objects make the same.</summary>
    private readonly record struct Source(InstanceRecord? Instance, Observed? Seen)
    {
        public bool Equals(Source other) => ReferenceEquals(Instance, other.Instance) && ReferenceEquals(Seen, other.Seen);

        public override int GetHashCode() => 0;
    }

    private sealed record Known(Source Source, InstanceState State);
}
