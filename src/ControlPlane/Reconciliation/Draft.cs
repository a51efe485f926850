using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// The working state of one pass: decisions are made here and become a new record at the end, or the same one when there were none.
/// </summary>
internal sealed class Draft
{
    /// <summary>Room that comes free is announced; this only makes up for a lost announcement.</summary>
    private static readonly TimeSpan LookForRoom = TimeSpan.FromSeconds(5);

    private readonly Situation situation;
    private readonly Standings standings;
    private readonly UsedAttempts attempts;
    private readonly Waits waits = new();
    private readonly Dictionary<int, ContainerSpec?> containers = [];
    private readonly Dictionary<int, Placer> placers = [];
    private readonly List<Step> steps = [];
    private readonly List<HistoryEvent> events = [];
    private readonly List<(InstanceName Name, Observed Seen)> lingering = [];
    private bool changed;

    public Draft(Situation situation)
    {
        this.situation = situation;
        Record = situation.Record;
        Fleet = new Fleet(situation.Workers);
        standings = new Standings(situation, Fleet);
        attempts = new UsedAttempts(Record);
        Slots = new Slots(Record, standings);
    }

    /// <summary>The record as decided so far; slots and instances are still in <see cref="Slots"/>.</summary>
    public ServiceRecord Record { get; private set; }

    public ServiceSpec Spec => Record.Spec;

    public Slots Slots { get; }

    public Fleet Fleet { get; }

    public Observations Observed => situation.Observed;

    public DateTimeOffset Now => situation.Now;

    /// <summary>When this activation of the ServiceMaster began.</summary>
    public DateTimeOffset Since => situation.Since;

    /// <summary>Why the orders for an instance got no answer; none when they did.</summary>
    public OrderRefused? UnansweredOf(InstanceRecord instance) =>
        situation.Unanswered.TryGetValue(instance.Name, out var order) && order.Worker == instance.Worker ? order : null;

    /// <summary>What lives although no decision speaks of it, and is told to end.</summary>
    public IReadOnlyList<(InstanceName Name, Observed Seen)> Lingering => lingering;

    public ValueList<Exclusion> ExclusionsInForce =>
        Record.Exclusions.Count == 0 ? [] : Record.Exclusions.Where(e => e.Until > Now).ToValueList();

    private ValueList<Exclusion> ExclusionsKept =>
        Record.Exclusions.Count == 0 ? [] : Record.Exclusions.Where(e => e.IsKept(Now)).ToValueList();

    public void Change(ServiceRecord record)
    {
        if (record.Exclusions != Record.Exclusions) placers.Clear();
        Record = record;
        changed = true;
    }

    public void SetSlot(SlotWork slot, SlotRecord record)
    {
        slot.Record = record;
        changed = true;
    }

    /// <summary>The slot takes up a revision, its present one left or for the first time.</summary>
    /// <param name="slot">May have another revision until now, or be new.</param>
    /// <param name="worker">In a global service the worker that the slot belongs to.</param>
    public void EnterRevision(SlotWork slot, int revision, string? worker)
    {
        if (slot.Record is { } left) attempts.Leave(left);
        SetSlot(slot, attempts.Enter(slot.Number, revision, worker));
    }

    /// <summary>The slot takes part in a run of a job: its names begin anew, since the run is in them.</summary>
    public void EnterRun(SlotWork slot, JobRun run) =>
        SetSlot(slot, new SlotRecord { Number = slot.Number, Revision = run.Revision, Attempt = 0, Run = run.Number });

    /// <summary>The slot takes up a revision if its next instance can begin in it; else it stays as it is.</summary>
    public bool EnterRevisionIf(SlotWork slot, int revision, Func<bool> begins)
    {
        var left = slot.Record!;
        slot.Record = attempts.Enter(slot.Number, revision, left.Worker);
        if (!begins())
        {
            slot.Record = left;
            return false;
        }

        attempts.Leave(left);
        changed = true;
        return true;
    }

    /// <summary>The slot is no longer wanted; what runs in it ends.</summary>
    public void Drop(SlotWork slot, string why)
    {
        if (slot.Record is { Run: 0 } left) attempts.Leave(left);
        slot.Record = null;
        changed = true;
        foreach (var item in slot.Items) Stop(item, why);
    }

    public void Add(SlotWork slot, InstanceRecord instance)
    {
        slot.Add(standings.Of(instance));
        changed = true;
    }

    public void Stop(Item item, string why)
    {
        if (item.Leaves) return;
        item.Record = item.Record.Stop(why, Now);
        changed = true;
    }

    /// <summary>The predecessor of a successor that was held back has ended.</summary>
    public void Release(Item held)
    {
        held.Record = held.Record.Run(Now) with { Heard = HeardOf(held.Record.Worker, held.Record.Revision) };
        changed = true;
    }

    /// <summary>What binds an instance that may run once only to what is known of its worker; none for others.</summary>
    public long? HeardOf(string worker, int revision) =>
        ContainerOf(revision)?.OnLeaseLost == LeaseLoss.Stop ? Fleet.Find(worker)?.Heard : null;

    public void Remove(SlotWork slot, Item item)
    {
        slot.Remove(item);
        changed = true;
    }

    /// <summary>What the instances of a revision run; none when the revision is no longer known.</summary>
    public ContainerSpec? ContainerOf(int revision)
    {
        if (!containers.TryGetValue(revision, out var container))
        {
            container = Record.FindRevision(revision)?.Spec.Container;
            containers[revision] = container;
        }

        return container;
    }

    /// <summary>What is reported under the name of an instance was made from something else than its revision says.</summary>
    public bool IsForeign(int revision, Observed? seen) =>
        seen?.Report.Fingerprint is { } found && Record.FindRevision(revision)?.Fingerprint is { } expected && found != expected;

    /// <summary>Chooses workers for instances of a revision; room is known to it once <see cref="Room"/> has been counted.</summary>
    public Placer PlacerOf(int revision)
    {
        if (!placers.TryGetValue(revision, out var placer))
        {
            var container = ContainerOf(revision) ?? Spec.Container;
            placer = new Placer(Fleet, PlacementRequest.Of(Record.Name, container, Spec.Placement, ExclusionsInForce));
            placers[revision] = placer;
        }

        return placer;
    }

    public void Send(Step step)
    {
        steps.Add(step);
        LookAgain(Now + StepsDue.RepeatAfter);
    }

    public void Linger(InstanceName name, Observed stray) => lingering.Add((name, stray));

    /// <summary>The first stray that lives in the slot, wanted or not.</summary>
    public Observed? LingeringIn(int slot) => lingering.Find(stray => stray.Name.Slot == slot).Seen;

    /// <param name="slot">0: the service as a whole.</param>
    /// <param name="why">A part of a sentence.</param>
    /// <param name="until">When time alone ends it.</param>
    public void Wait(int slot, string why, DateTimeOffset? until = null)
    {
        waits.Words.Add(slot, why);
        if (until is { } at) LookAgain(at);
    }

    /// <summary>The slot's turn has not come: it is told to who asks for the slot, and is nothing that the service waits for.</summary>
    public void WaitForTurn(int slot, string why) => waits.Words.AddAside(slot, why);

    /// <summary>A slot waits for room: any change of the workers may give it, and exclusions end by themselves.</summary>
    public void WaitForRoom(int slot, string why)
    {
        Wait(slot, why);
        waits.ForRoom = true;
        LookAgain(Now + LookForRoom);
        foreach (var exclusion in ExclusionsInForce) LookAgain(exclusion.Until);
    }

    /// <summary>The first reason for which a slot waits, as far as is known in this pass.</summary>
    public string? WaitingIn(int slot) => waits.Words.BySlot().GetValueOrDefault(slot);

    public void LookAgain(DateTimeOffset at) => waits.LookAgain(at);

    /// <summary>Whether a moment has come; until then the service is looked at again when it does.</summary>
    public bool HasCome(DateTimeOffset moment)
    {
        if (Now >= moment) return true;
        LookAgain(moment);
        return false;
    }

    /// <summary>When an instance is taken for lost because nobody lists its worker; none while its worker is listed.</summary>
    public DateTimeOffset? GivenUpAt(Item item) => item.WorkerIndex < 0 ? standings.GivenUpAt(item.Record) : null;

    public void Tell(HistoryKind kind, string what, int? slot = null, int? revision = null) =>
        events.Add(new HistoryEvent(Now, kind, what, slot, revision));

    public Plan ToPlan() => new()
    {
        Record = changed ? NextRecord.Of(Record with { Exclusions = ExclusionsKept }, Slots, attempts, events) : situation.Record,
        Steps = new ValueList<Step>([.. steps]),
        Waiting = waits.Words.Words(),
        WaitingBySlot = waits.Words.BySlot(),
        LookAgainAt = waits.LookAgainAt,
        Rollout = RolloutWords.Of(Record.Rollout, Slots, Now),
        WaitsForRoom = waits.ForRoom,
        Ready = Slots.Ready,
    };
}
