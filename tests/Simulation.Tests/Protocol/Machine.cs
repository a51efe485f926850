using System.Collections.Immutable;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Lease;
using Orchestrator.WorkerAgent.Orders;

namespace Orchestrator.Simulation.Tests.Protocol;

internal enum AgentState { Runs, Frozen, Dead }

/// <summary>One machine of the model. What it decides, the agent's and the guard's own functions decide.</summary>
internal sealed record Machine
{
    private static readonly ImmutableSortedDictionary<string, long> None =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public required string Name { get; init; }

    public AgentState Agent { get; init; }

    /// <summary>Hears nobody and is heard by nobody.</summary>
    public bool Cut { get; init; }

    /// <summary>How far its clock has fallen behind.</summary>
    public TimeSpan Behind { get; init; }

    public Lease Lease { get; init; } = new(-Quanta.Rules.LostAfter, Quanta.Rules.LostAfter, Quanta.Margin);

    public bool Granted { get; init; }

    /// <summary>Which orders it takes.</summary>
    public OrdersTaken Takes { get; init; } = new();

    /// <summary>Orders to it get no answer; they may arrive late. Whatever it says itself is heard.</summary>
    public bool Deaf { get; init; }

    public bool HadLastChance { get; init; }

    /// <summary>When the agent's timer is to come.</summary>
    public TimeSpan Due { get; init; }

    /// <summary>What the guard reads: until when containers may run without another renewal.</summary>
    public TimeSpan Deadline { get; init; }

    public long Incarnation { get; init; } = 1;

    /// <summary>The highest epoch seen, on disk.</summary>
    public long Epoch { get; init; }

    /// <summary>Instances that were ended or refused here, and by which epoch; in the agent's memory.</summary>
    public ImmutableSortedDictionary<string, long> Ended { get; init; } = None;

    public ImmutableSortedDictionary<string, Phase> Containers { get; init; } =
        ImmutableSortedDictionary.Create<string, Phase>(StringComparer.Ordinal);

    public bool Answers => Agent == AgentState.Runs && !Cut;

    public IEnumerable<string> Live => Containers.Where(c => c.Value != Phase.Exited).Select(c => c.Key);

    public string Key => $"{Name}{(int)Agent}{(Cut ? 'c' : '-')}{Behind.Ticks}"
        + $"/{Lease.Sent.Ticks}+{Lease.Length.Ticks}{(Granted ? 'g' : '-')}{(Deaf ? 'd' : '-')}{Takes}"
        + $"{(HadLastChance ? 'l' : '-')}{Due.Ticks}/{Deadline.Ticks}/{Incarnation}/{Epoch}"
        + $"/{string.Join(',', Ended.Select(e => $"{e.Key}:{e.Value}"))}"
        + $"/{string.Join(',', Containers.Select(c => $"{c.Key}:{(int)c.Value}"))}";

    /// <summary>The machine at the next moment: what was stopping has ended, agent and guard have looked.</summary>
    public Machine At(TimeSpan now, TakenOut without)
    {
        var local = now - Behind;
        var next = this with { Containers = Containers.SetItems(With(Phase.Stopping, Phase.Exited)) };
        if (Agent == AgentState.Runs) next = next.Look(local);
        return local < Deadline || without == TakenOut.Guard ? next : next.Ends();
    }

    /// <summary>An answer to a renewal that was sent at this time of the machine's clock.</summary>
    public Machine Renewed(FlyingBeat beat, LeaseAnswer answer, TimeSpan now, TakenOut without)
    {
        var margin = without == TakenOut.Margin ? TimeSpan.Zero : Quanta.Margin;
        var renewed = new Lease(beat.Sent, answer.Lease, margin);
        var lease = Granted ? Lease.Or(renewed) : renewed;
        return this with
        {
            Lease = lease, Granted = true, HadLastChance = false, Due = lease.StopAt, Deadline = lease.KillAt,
            Takes = Takes.After(beat.Report.Sequence, beat.Sent, isNew: !Granted || !Lease.Holds(now - Behind), Quanta.LongestOrder),
        };
    }

    /// <summary>A new agent takes over what the last one has left.</summary>
    public Machine Restarted(TimeSpan now)
    {
        var left = Deadline - (now - Behind);
        // The new process measures from its own beginning.
        var inherited = Lease.Inherited(left, Quanta.Margin);
        var lease = inherited with { Sent = inherited.Sent + now - Behind };
        return (left > TimeSpan.Zero ? this : Ends()) with
        {
            Agent = AgentState.Runs, Incarnation = Incarnation + 1, Ended = None, Lease = lease, Granted = false, HadLastChance = false,
            Due = lease.StopAt,
        };
    }

    /// <summary>What the agent does with an order, and its answer.</summary>
    public (Machine After, OrderAnswer Answer) Take(Order order, TimeSpan now, TakenOut without)
    {
        var here = new Circumstances
        {
            LeaseHolds = Granted && Lease.Holds(now - Behind),
            OrdersSince = without == TakenOut.AgeOfOrders ? 0 : Takes.Since,
            Heard = (order as RunInstance)?.Heard,
            KnownEpoch = Epoch,
            EndedHere = Remembered().Has(order.Instance, order.Epoch),
            Capacity = Capacity,
        };
        if (Admission.OfOrder(order, here) is { } refusal) return (this, refusal);
        if (order.Epoch < Epoch) return (this, Admission.Stale(order, Epoch));
        var passed = this with { Epoch = Math.Max(order.Epoch, Epoch) };
        return order switch
        {
            RunInstance run => passed.Run(run, here),
            StopInstance => (passed.Stop(order), OrderAnswer.Ok),
            _ when Containers.TryGetValue(order.Instance, out var phase) && phase != Phase.Exited =>
                (passed, Admission.Refuse(Refusal.Impossible, $"it is alive")),
            _ => (passed.Ending(order) with { Containers = Containers.Remove(order.Instance) }, OrderAnswer.Ok),
        };
    }

    public WorkerReport Beat(long sequence) => new()
    {
        Name = Name, Incarnation = Incarnation, Sequence = sequence, Address = "", Capacity = Capacity, Load = new(), Services = ["web"],
    };

    /// <summary>All it has of the service.</summary>
    public ServiceReport Report(long sequence) => new()
    {
        Worker = Name, Service = "web", Sequence = sequence, Complete = true, OrdersSince = Takes.Since,
        Instances = Containers.Select(c => new InstanceReport
        {
            Instance = c.Key, Phase = c.Value, Cause = c.Value == Phase.Exited ? EndCause.Lease : null,
        }).ToValueList(),
    };

    private static WorkerCapacity Capacity { get; } = new(8, ByteSize.Mi(8192));

    private Machine Look(TimeSpan local)
    {
        if (local < Due || !Live.Any()) return this;
        var move = Lease.MoveAt(local, Due, HadLastChance);
        return move.LookAgainAt is { } at ? this with { HadLastChance = move.HadLastChance, Due = at }
            : Ends();
    }

    /// <summary>Even what is killed takes until the next moment.</summary>
    private Machine Ends() => this with { Containers = Containers.SetItems(With(Phase.Running, Phase.Stopping)) };

    private (Machine, OrderAnswer) Run(RunInstance order, Circumstances here)
    {
        if (Containers.ContainsKey(order.Instance)) return (this, OrderAnswer.Ok);
        var present = Live.Select(name => Instance.Ordered(order with { Instance = name })).ToList();
        return Admission.OfInstance(Instance.Ordered(order), present, here) is { } refusal ? (Ending(order), refusal)
            : (this with { Containers = Containers.Add(order.Instance, Phase.Running) }, OrderAnswer.Ok);
    }

    private Machine Stop(Order order) =>
        !Containers.TryGetValue(order.Instance, out var phase) ? Ending(order)
        : phase == Phase.Running ? this with { Containers = Containers.SetItem(order.Instance, Phase.Stopping) }
        : this;

    private Machine Ending(Order order) => this with { Ended = Ended.SetItem(order.Instance, order.Epoch) };

    private EndedInstances Remembered()
    {
        var ended = new EndedInstances();
        foreach (var (instance, epoch) in Ended) ended.Add(instance, epoch);
        return ended;
    }

    private IEnumerable<KeyValuePair<string, Phase>> With(Phase before, Phase after) =>
        Containers.Where(c => c.Value == before).Select(c => KeyValuePair.Create(c.Key, after));
}
