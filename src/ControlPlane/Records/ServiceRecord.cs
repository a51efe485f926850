using System.Text.Json.Serialization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Records;

/// <summary>
/// What is stored of a service, by compare-and-set: the wish and what was decided, never what was observed. A withdrawn service leaves
/// its record as a tombstone: it continues the numbers when the name is used again, and proves that containers of it which turn up may be
/// stopped.
/// </summary>
internal sealed record ServiceRecord
{
    public const int KeptRevisions = 10;
    public const int KeptHistory = 200;
    private const int KeptChanges = 16;

    public required string Name { get; init; }

    /// <summary>Counts activations of the ServiceMaster: the fencing token of every order.</summary>
    public long Epoch { get; init; }

    /// <summary>The revision in force; a rollback makes an older one that.</summary>
    public required int Revision { get; init; }

    /// <summary>The highest number ever given; the next revision takes the one after.</summary>
    public required int LastRevision { get; init; }

    /// <summary>
    /// Where this life of the name began. What its earlier life left is still known until it has ended, but nobody may return into it.
    /// </summary>
    public int FirstRevision { get; init; } = 1;

    /// <summary>The last ones and those that instances still run, oldest first.</summary>
    public ValueList<RevisionRecord> Revisions { get; init; } = [];

    /// <summary>The wish in force.</summary>
    public required ServiceSpec Spec { get; init; }

    /// <summary>True from the withdrawal on, also as a tombstone.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Ordered by slot, inside a slot in the order of decision.</summary>
    public ValueList<InstanceRecord> Instances { get; init; } = [];

    /// <summary>The wanted slots, by number.</summary>
    public ValueList<SlotRecord> Slots { get; init; } = [];

    /// <summary>Of a job only.</summary>
    public JobRecord? Job { get; init; }

    public RolloutRecord? Rollout { get; init; }

    /// <summary>How the last rollout ended, in words.</summary>
    public string? LastRollout { get; init; }

    public RebalanceRecord? Rebalance { get; init; }

    /// <summary>When an instance was last moved to even the load out.</summary>
    public DateTimeOffset? LastMove { get; init; }

    public ValueList<Exclusion> Exclusions { get; init; } = [];

    /// <summary>Where slots have volumes, by slot.</summary>
    public ValueList<VolumePin> Pins { get; init; } = [];

    /// <summary>
    /// Workers that may have instances which this record does not know, since it comes from a backup or is new beside old containers:
    /// nothing is begun before each of them has told what it has.
    /// </summary>
    public ValueList<string> ToBeHeard { get; init; } = [];

    /// <summary>What its stack has told it last, kept when it is withdrawn; none of a service that has never belonged to any.</summary>
    public StackMark? Stack { get; init; }

    /// <summary>The id of the last request of a user that was carried out.</summary>
    public string? LastChange { get; init; }

    /// <summary>The ids of the requests before that one, the newest last, bounded.</summary>
    public ValueList<string> EarlierChanges { get; init; } = [];

    /// <summary>Counts the changes that users made, over all lives of the name.</summary>
    public long Changes { get; init; }

    /// <summary>What happened, oldest first, bounded.</summary>
    public ValueList<HistoryEvent> History { get; init; } = [];

    /// <summary>Withdrawn, and nothing is left to do: only kept to continue the numbers.</summary>
    [JsonIgnore]
    public bool IsTombstone => Withdrawn && Instances.Count == 0;

    /// <summary>How many instances are wanted; in a global service one for each of its slots, of a job those that may run now.</summary>
    [JsonIgnore]
    public int Wanted => Withdrawn ? 0 : Spec.Mode switch
    {
        ServiceMode.Global => Slots.Count,
        ServiceMode.Job => Job?.Open.Sum(run => Math.Min(Spec.Job.AtATime(), run.Completions - CompletedIn(run.Number))) ?? 0,
        _ => Spec.Instances,
    };

    /// <summary>How many slots of a run that goes on have completed.</summary>
    public int CompletedIn(int run)
    {
        var completed = 0;
        foreach (var slot in Slots.AsSpan())
        {
            if (slot.Run == run && slot.IsFinished) completed++;
        }

        return completed;
    }

    public RevisionRecord? FindRevision(int number)
    {
        foreach (var revision in Revisions)
        {
            if (revision.Number == number) return revision;
        }

        return null;
    }

    /// <summary>Whether a request has been carried out, as far as is remembered.</summary>
    public bool Knows(string request) => LastChange == request || EarlierChanges.Contains(request);

    /// <summary>The record after a request was carried out.</summary>
    public ServiceRecord After(string request) => this with
    {
        LastChange = request,
        EarlierChanges = LastChange is null ? EarlierChanges : EarlierChanges.Append(LastChange).TakeLast(KeptChanges).ToValueList(),
    };

    /// <summary>The record as a new activation of the ServiceMaster must save it before it does anything else.</summary>
    public ServiceRecord NextEpoch() => this with { Epoch = Epoch + 1 };

    /// <summary>
    /// The record in an epoch above one that a worker remembers. What this activation has placed it has placed in the new one: nobody else
    /// has had a hand in it, so no worker need be heard before it is ordered again.
    /// </summary>
    public ServiceRecord Overtaking(long known) => this with
    {
        Epoch = known + 1,
        Instances = Instances.Select(it => it.Epoch == Epoch ? it with { Epoch = known + 1 } : it).ToValueList(),
    };

    public ServiceRecord WithHistory(params ReadOnlySpan<HistoryEvent> events)
    {
        if (events.Length == 0) return this;
        HistoryEvent[] all = [.. History.AsSpan(), .. events];
        return this with { History = new ValueList<HistoryEvent>(all.AsSpan(Math.Max(0, all.Length - KeptHistory))) };
    }
}
