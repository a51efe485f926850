using System.Diagnostics.CodeAnalysis;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>The working state of one reconcile: decisions are made here and become a new record at the end, or the same one when there were none.</summary>
internal sealed class Draft
{
    /// <summary>A worker that the registry does not list may be one that it has only just forgotten by a restart.</summary>
    private static readonly TimeSpan UnlistedWorker = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RepeatOrders = TimeSpan.FromSeconds(2);

    /// <summary>Room that comes free is announced; this only makes up for a lost announcement.</summary>
    private static readonly TimeSpan LookForRoom = TimeSpan.FromSeconds(5);

    private const int EventsPerTurn = 20;

    private readonly Situation situation;
    private readonly Dictionary<int, ContainerSpec?> containers = [];
    private readonly List<Step> steps = [];
    private readonly WaitingWords waiting = new();
    private readonly Room room;
    private readonly List<HistoryEvent> events = [];
    private readonly Dictionary<int, int> leftAttempts = [];
    private readonly Dictionary<int, Observed> lingering = [];
    private List<SlotWork> slots;
    private bool changed;
    private DateTimeOffset? lookAgainAt;

    public Draft(Situation situation)
    {
        this.situation = situation;
        Record = situation.Record;
        Fleet = new Fleet(situation.Workers);
        room = new Room(this);
        slots = new(Record.Slots.Count);
        var (s, i) = (0, 0);
        var slotRecords = Record.Slots.AsSpan();
        var instances = Record.Instances.AsSpan();
        while (s < slotRecords.Length || i < instances.Length)
        {
            var number = Math.Min(s < slotRecords.Length ? slotRecords[s].Number : int.MaxValue, i < instances.Length ? instances[i].Slot : int.MaxValue);
            var slot = new SlotWork(number);
            if (s < slotRecords.Length && slotRecords[s].Number == number) slot.Record = slotRecords[s++];
            for (; i < instances.Length && instances[i].Slot == number; i++) slot.Add(Judge(instances[i]));

            slots.Add(slot);
        }
    }

    /// <summary>The record as decided so far; slots and instances are still in <see cref="Slots"/>.</summary>
    public ServiceRecord Record { get; private set; }

    public DateTimeOffset Now => situation.Now;

    public ServiceSpec Spec => Record.Spec;

    public Observations Observed => situation.Observed;

    /// <summary>All slots that are wanted or still hold an instance, by number.</summary>
    public IReadOnlyList<SlotWork> Slots => slots;

    public Fleet Fleet { get; }

    /// <summary>Set when something waits for room on the workers.</summary>
    public bool WaitsForRoom { get; private set; }

    public int Ready
    {
        get
        {
            var ready = 0;
            foreach (var slot in slots)
            {
                if (slot.Record is not null && slot.HasReady) ready++;
            }

            return ready;
        }
    }

    public int WantedSlots
    {
        get
        {
            var wanted = 0;
            foreach (var slot in slots)
            {
                if (slot.Record is not null) wanted++;
            }

            return wanted;
        }
    }

    public void Change(ServiceRecord record)
    {
        Record = record;
        changed = true;
    }

    public void SetSlot(SlotWork slot, SlotRecord? record)
    {
        slot.Record = record;
        changed = true;
    }

    public SlotWork AddSlot(int number)
    {
        var at = slots.BinarySearch(new SlotWork(number), Comparer<SlotWork>.Create((a, b) => a.Number.CompareTo(b.Number)));
        changed = true;
        if (at >= 0) return slots[at];
        var slot = new SlotWork(number);
        slots.Insert(~at, slot);
        return slot;
    }

    public SlotWork? FindSlot(int number)
    {
        var (low, high) = (0, slots.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (slots[middle].Number == number) return slots[middle];
            if (slots[middle].Number < number) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>The slot leaves its revision, or is no longer wanted: names of that revision begin after those it used.</summary>
    public void LeaveRevision(SlotRecord slot)
    {
        if (leftAttempts.GetValueOrDefault(slot.Revision) < slot.Attempt) leftAttempts[slot.Revision] = slot.Attempt;
    }

    public SlotRecord EnterRevision(int number, int revision, string? worker) => new()
    {
        Number = number,
        Revision = revision,
        Attempt = Math.Max(Record.FindRevision(revision)?.Attempts ?? 0, leftAttempts.GetValueOrDefault(revision)),
        Worker = worker,
    };

    public void Remove(SlotWork slot, Item item)
    {
        slot.Remove(item);
        changed = true;
    }

    public void Stop(Item item, string why)
    {
        if (!item.Runs) return;
        item.Record = item.Record.Stop(why, Now);
        changed = true;
    }

    public Item Add(SlotWork slot, InstanceRecord instance)
    {
        var item = Judge(instance);
        slot.Add(item);
        changed = true;
        return item;
    }

    public ContainerSpec? ContainerOf(int revision)
    {
        if (!containers.TryGetValue(revision, out var container))
        {
            container = Record.FindRevision(revision)?.Spec.Container;
            containers[revision] = container;
        }

        return container;
    }

    /// <summary>Who has room for an instance of the revision.</summary>
    public Placer PlacerOf(int revision) => room.PlacerOf(revision);

    public void Send(Step step) => steps.Add(step);

    /// <summary>Something of which no decision speaks lives in the slot, wanted or not; it is told to end.</summary>
    public void Linger(int slot, Observed stray) => lingering.TryAdd(slot, stray);

    public Observed? LingeringIn(int slot) => lingering.GetValueOrDefault(slot);

    /// <param name="slot">0: the service as a whole.</param>
    /// <param name="why">A part of a sentence.</param>
    public void Wait(int slot, string why) => waiting.Add(slot, why);

    /// <summary>A slot waits for room: any change of the workers may give it, and exclusions end by themselves.</summary>
    public void WaitForRoom(int slot, string why)
    {
        Wait(slot, why);
        WaitsForRoom = true;
        LookAgain(Now + LookForRoom);
        foreach (var exclusion in ExclusionsInForce()) LookAgain(exclusion.Until);
    }

    public void LookAgain(DateTimeOffset at)
    {
        if (lookAgainAt is null || at < lookAgainAt) lookAgainAt = at;
    }

    public void Tell(HistoryKind kind, string what, int? slot = null, int? revision = null) =>
        events.Add(new HistoryEvent(Now, kind, what, slot, revision));

    public Plan ToPlan()
    {
        if (steps.Count > 0) LookAgain(Now + RepeatOrders);
        var record = changed ? Compose() : situation.Record;
        return new Plan
        {
            Record = record,
            Steps = new ValueList<Step>([.. steps]),
            Waiting = waiting.Words(),
            WaitingBySlot = waiting.BySlot(),
            LookAgainAt = lookAgainAt,
            Rollout = Rollouts.Words(this),
            WaitsForRoom = WaitsForRoom,
            Ready = Ready,
        };
    }

    private Item Judge(InstanceRecord instance)
    {
        var seen = situation.Observed.Find(instance.Name);
        if (seen is not null && seen.Worker != instance.Worker) seen = null;
        return new Item(instance, seen, StandingOf(instance, seen));
    }

    private Standing StandingOf(InstanceRecord instance, Observed? seen)
    {
        if (seen is { IsLive: false }) return Standing.Ended;
        var worker = Fleet.Find(instance.Worker);
        if (worker is null)
        {
            var since = instance.DecidedAt > situation.Since ? instance.DecidedAt : situation.Since;
            if (Now - since >= UnlistedWorker) return Standing.Lost;
            LookAgain(since + UnlistedWorker);
        }
        else if (worker.Health == WorkerHealth.Lost)
        {
            return Standing.Lost;
        }

        if (seen is null) return instance.Epoch == Record.Epoch || situation.Observed.HasHeard(instance.Worker) ? Standing.Placed : Standing.Unheard;
        return seen.Report.Phase switch
        {
            Phase.Running => seen.IsReady ? Standing.Ready : Standing.Unready,
            Phase.Stopping => Standing.Stopping,
            _ => Standing.Starting,
        };
    }

    public ValueList<Exclusion> ExclusionsInForce() =>
        Record.Exclusions.Count == 0 ? [] : Record.Exclusions.Where(e => e.Until > Now).ToValueList();

    private ServiceRecord Compose()
    {
        List<SlotRecord> wanted = new(slots.Count);
        List<InstanceRecord> instances = new(slots.Count + 8);
        HashSet<int> used = [Record.Revision];
        foreach (var slot in slots)
        {
            if (slot.Record is not null) wanted.Add(slot.Record);
            if (slot.Record is not null) used.Add(slot.Record.Revision);
            for (var item = slot.First; item is not null; item = item.Next)
            {
                instances.Add(item.Record);
                used.Add(item.Record.Revision);
            }
        }

        if (Record.Rollout is { } rollout) used.Add(rollout.From);
        var oldestKept = Record.Revisions.Count - ServiceRecord.KeptRevisions;
        var revisions = Record.Revisions
            .Where((r, at) => at >= oldestKept || used.Contains(r.Number))
            .Select(r => leftAttempts.GetValueOrDefault(r.Number) > r.Attempts ? r with { Attempts = leftAttempts[r.Number] } : r)
            .ToValueList();
        if (events.Count > EventsPerTurn)
        {
            var more = events.Count - EventsPerTurn;
            events.RemoveRange(EventsPerTurn, more);
            Tell(HistoryKind.Restart, $"and {more} more of the kind at the same time");
        }

        return (Record with
        {
            Slots = new ValueList<SlotRecord>([.. wanted]),
            Instances = new ValueList<InstanceRecord>([.. instances]),
            Revisions = revisions,
            Exclusions = ExclusionsInForce(),
        }).WithHistory([.. events]);
    }
}
