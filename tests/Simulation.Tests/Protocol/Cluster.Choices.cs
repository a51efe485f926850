using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Simulation.Tests.Protocol;

/// <summary>What may happen next; faults only while there are any left.</summary>
internal sealed partial record Cluster
{
    public IEnumerable<(string What, Cluster After)> Choices()
    {
        yield return ("half a second passes", Pass());
        foreach (var choice in Recoveries().Concat(Arrivals())) yield return (choice.What, choice.After.Turn().Check());
        if (Faults == 0) yield break;
        foreach (var (what, after) in EvilsOfMachines().Concat(EvilsOfMasters())) yield return (what, after with { Faults = Faults - 1 });
    }

    private IEnumerable<(string What, Cluster After)> Recoveries()
    {
        foreach (var machine in Machines)
        {
            if (machine.Cut) yield return ($"the link of {machine.Name} is healed", Speaks(machine with { Cut = false }));
            if (machine.Deaf) yield return ($"orders to {machine.Name} are answered again", With(machine with { Deaf = false }));
            if (machine.Agent == AgentState.Frozen)
                yield return ($"the agent of {machine.Name} goes on", Speaks((machine with { Agent = AgentState.Runs }).At(Now, Without)));
            if (machine.Agent == AgentState.Dead)
                yield return ($"the agent of {machine.Name} is started again", Speaks(machine.Restarted(Now)));
        }
    }

    private IEnumerable<(string What, Cluster After)> Arrivals()
    {
        foreach (var flying in Orders)
        {
            if (Of(flying.To).Answers)
                yield return ($"the order to {flying.Order.GetType().Name} {flying.Order.Instance} arrives at {flying.To}",
                    (this with { Orders = Orders.Remove(flying) }).Deliver(flying, isAwaited: false));
        }

        foreach (var beat in Beats)
            yield return ($"the late renewal of {beat.From} arrives", (this with { Beats = Beats.Remove(beat) }).Arrive(beat));
    }

    private IEnumerable<(string What, Cluster After)> EvilsOfMachines()
    {
        foreach (var machine in Machines)
        {
            if (!machine.Cut) yield return ($"the link of {machine.Name} is cut", With(machine with { Cut = true }));
            if (!machine.Deaf) yield return ($"orders to {machine.Name} get no answer", With(machine with { Deaf = true }));
            if (machine.Behind == TimeSpan.Zero)
                yield return ($"the clock of {machine.Name} falls behind by half a second", With(machine with { Behind = Quanta.One }));
            if (machine.Agent == AgentState.Runs)
            {
                yield return ($"the agent of {machine.Name} is frozen", With(machine with { Agent = AgentState.Frozen }));
                yield return ($"the agent of {machine.Name} is killed", With(machine with { Agent = AgentState.Dead }));
                if (LateBeat is null) yield return ($"the next renewal of {machine.Name} is late", this with { LateBeat = machine.Name });
            }
        }
    }

    private IEnumerable<(string What, Cluster After)> EvilsOfMasters()
    {
        if (Next == NextOrder.Arrives)
        {
            yield return ("the next order is late", this with { Next = NextOrder.IsLate });
            yield return ("the next order comes twice", this with { Next = NextOrder.ComesTwice });
        }

        yield return ("the ServiceMaster moves", Moved().Turn().Check());
        yield return ("the registry moves", this with { Registry = MemberTable.From(Registry.Known, default), RegistrySince = Now });
        if (Replaced is { } old) yield return ("the replaced ServiceMaster has not noticed", ActsStill(old).Check());
    }

    /// <summary>A worker that can be heard again renews at once.</summary>
    private Cluster Speaks(Machine machine) => machine.Answers ? With(machine).Beat(machine.Name).Tell(machine.Name) : With(machine);

    /// <summary>A new activation raises the epoch before anything else, and calls the roll.</summary>
    private Cluster Moved()
    {
        var record = Stored.NextEpoch();
        var moved = this with { Stored = record, Replaced = Current, Current = new Master(record, Observations.None, Clock) };
        return Machines.Where(m => m.Answers).Aggregate(moved, (cluster, machine) => cluster.Tell(machine.Name));
    }

    /// <summary>What it decides anew cannot be saved; what it has decided it orders again.</summary>
    private Cluster ActsStill(Master old)
    {
        var plan = Reconciler.Reconcile(SituationOf(old));
        if (!ReferenceEquals(plan.Record, old.Record)) return this with { Replaced = null };
        return plan.Steps.Aggregate(this, (cluster, step) => cluster.Send(step, old.Record.Epoch));
    }
}
