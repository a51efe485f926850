using System.Collections.Immutable;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Simulation.Tests.Protocol;

/// <summary>What becomes of the next order.</summary>
internal enum NextOrder { Arrives, IsLate, ComesTwice }

/// <summary>An order that has not arrived yet.</summary>
internal sealed record Flying(string To, Order Order);

/// <summary>A renewal that has not arrived yet.</summary>
internal sealed record FlyingBeat(string From, WorkerReport Report, TimeSpan Sent);

/// <summary>
/// A whole cluster at one moment: two machines, the registry, the stored record, the ServiceMaster and an activation of it that has been
/// replaced and does not know it. Every change gives a new one.
/// </summary>
internal sealed partial record Cluster
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Moments since the beginning.</summary>
    public int Time { get; init; }

    /// <summary>How much may still go wrong.</summary>
    public int Faults { get; init; }

    public TakenOut Without { get; init; }

    public required ImmutableArray<Machine> Machines { get; init; }

    public required MemberTable Registry { get; init; }

    /// <summary>When the registry was activated.</summary>
    public TimeSpan RegistrySince { get; init; }

    public required ServiceRecord Stored { get; init; }

    public required Master Current { get; init; }

    public Master? Replaced { get; init; }

    public ImmutableArray<Flying> Orders { get; init; } = [];

    public ImmutableArray<FlyingBeat> Beats { get; init; } = [];

    public NextOrder Next { get; init; }

    /// <summary>A machine whose next renewal is late.</summary>
    public string? LateBeat { get; init; }

    /// <summary>When the brake last kept somebody from being lost; the beginning at first.</summary>
    public TimeSpan FreeSince { get; init; }

    /// <summary>What has gone against a promise; none when nothing has.</summary>
    public string? Broken { get; init; }

    /// <summary>Reports within this moment, so that their numbers grow.</summary>
    public int Told { get; init; }

    /// <summary>The same for all that go on in the same ways.</summary>
    public string Key => string.Join('|',
    [
        $"{Time} {Faults} {(int)Next} {LateBeat} {RegistrySince.Ticks} {FreeSince.Ticks} {Registry.Brake is not null}",
        .. Machines.Select(m => m.Key),
        .. Registry.Leases.Values.Select(l =>
            $"{l.SeenAt.Passed.Ticks}.{l.ForgivenUntil.Ticks}.{l.DeclaredLost}.{l.Grace}.{l.Report?.Incarnation}"),
        Master.Decided(Stored), Current.Key, Replaced?.Key ?? "",
        .. Orders.Select(f => $"{f.To}{f.Order.GetType().Name}{f.Order.Instance}.{f.Order.Epoch}").Order(StringComparer.Ordinal),
        .. Beats.Select(b => $"{b.From}{b.Sent.Ticks}.{b.Report.Incarnation}"),
    ]);

    private TimeSpan Now => Quanta.One * Time;

    private DateTimeOffset Clock => Start + Now;

    private RegistryTime RegistryNow => new(Now - RegistrySince, Now - RegistrySince);

    /// <summary>Both machines have a lease, and somebody has just asked for the service.</summary>
    public static Cluster With(Contracts.Services.ServiceSpec spec, int faults, TakenOut without)
    {
        var record = ServiceChanges.Apply(null, "web", new Contracts.Services.CreateService(spec), Start).Record!.NextEpoch();
        var cluster = new Cluster
        {
            Faults = faults,
            Without = without,
            Machines = [new Machine { Name = "a" }, new Machine { Name = "b" }],
            Registry = MemberTable.From([], default),
            Stored = record,
            Current = new Master(record, Observations.None, Start),
        };
        return cluster.Beat("a").Beat("b");
    }

    /// <summary>Half a second passes: what was stopping has ended, timers fire, who can renews, everybody is judged.</summary>
    public Cluster Pass()
    {
        var next = this with { Time = Time + 1, Told = 0 };
        next = next with { Machines = [.. Machines.Select(m => m.At(next.Now, Without))] };
        foreach (var machine in next.Machines)
        {
            if (!machine.Answers) continue;
            if (next.Time % Quanta.Beat == 0) next = next.Beat(machine.Name);
            next = next.Tell(machine.Name);
        }

        return next.Judge().Turn().Check();
    }

    public Machine Of(string name) => Machines[0].Name == name ? Machines[0] : Machines[1];

    public Cluster With(Machine machine) => this with { Machines = Machines.Replace(Of(machine.Name), machine) };

    /// <summary>The worker renews its lease, unless its next renewal is late.</summary>
    private Cluster Beat(string name)
    {
        var machine = Of(name);
        var beat = new FlyingBeat(name, machine.Beat(Sequence), Now - machine.Behind);
        var sent = this with { Told = Told + 1 };
        return LateBeat == name ? sent with { LateBeat = null, Beats = Beats.Add(beat) } : sent.Arrive(beat);
    }

    private Cluster Arrive(FlyingBeat beat)
    {
        var (table, answer, _) = Registry.Renew(beat.Report, Quanta.Rules, RegistryNow);
        var machine = Of(beat.From);
        var heard = this with { Registry = table };
        var isHeard = machine.Answers && machine.Incarnation == beat.Report.Incarnation
            && Now - machine.Behind - beat.Sent <= Quanta.Patience && answer.Lease > TimeSpan.Zero;
        if (isHeard) heard = heard.With(machine.Renewed(beat, answer, Now, Without));
        return heard.Judge();
    }

    private Cluster Tell(string name) => this with
    {
        Told = Told + 1,
        Current = Current with { Observed = Current.Observed.With(Of(name).Report(Sequence)) },
    };

    private long Sequence => Time * 100 + Told;

    private Cluster Judge()
    {
        var was = Liveness.Judge(Registry.Leases.Values, Quanta.Rules, RegistryNow, overruled: false);
        var judged = Without == TakenOut.FreshLease
            ? Registry with
            {
                Leases = Registry.Leases.SetItems(was.Lost.Select(name =>
                    KeyValuePair.Create(name, Registry.Leases[name] with { DeclaredLost = true }))),
                Brake = was.Brake,
            }
            : Registry.Judge(Quanta.Rules, RegistryNow).Table;
        var next = this with { Registry = judged, FreeSince = was.Brake is not null ? Now : FreeSince };
        var lost = judged.Leases.Values.Where(l => l.DeclaredLost && Registry.Leases[l.Name] is { DeclaredLost: false });
        return lost.FirstOrDefault() is { } hasty && FreeSince > TimeSpan.Zero && Now - FreeSince <= Quanta.Rules.LostAfter && !was.Held
            ? next with { Broken = $"{hasty.Name} was lost {Now - FreeSince} after the brake let go: it had no whole lease to be heard in" }
            : next;
    }

    private ValueList<Worker> Workers() => Registry.Workers(Quanta.Rules, RegistryNow)
        .Select(w => w.Age is { } age ? w with { ReportedAt = Clock - age } : w).ToValueList();

    private Situation SituationOf(Master master) => new()
    {
        Record = master.Record, Workers = Workers(), Observed = master.Observed, Since = master.Since, Now = Clock,
        Unanswered = master.Unanswered,
    };

    /// <summary>The ServiceMaster decides, saves and sends, until nothing new comes of it.</summary>
    private Cluster Turn()
    {
        var next = this;
        for (var turn = 0; turn < 8; turn++)
        {
            var plan = Reconciler.Reconcile(next.SituationOf(next.Current));
            var before = next;
            next = next.Saved(plan.Record);
            foreach (var step in plan.Steps) next = next.Send(step, next.Current.Record.Epoch);
            if (next.Current == before.Current) break;
        }

        return next;
    }

    private Cluster Saved(ServiceRecord record) => ReferenceEquals(record, Current.Record) ? this
        : this with { Stored = record, Current = Current with { Record = record } };

    private Cluster Send(Step step, long epoch)
    {
        var flying = new Flying(step.Worker, step.ToOrder("web", epoch));
        if (Orders.Contains(flying)) return this;
        if (Next != NextOrder.Arrives)
        {
            var away = this with { Next = NextOrder.Arrives, Orders = Orders.Add(flying) };
            return Next == NextOrder.IsLate ? away : away.Deliver(flying, isAwaited: true);
        }

        var machine = Of(step.Worker);
        if (machine.Deaf)
        {
            var failed = new OrderRefused(step.Instance, step.Worker, new OrderAnswer { Refusal = Refusal.Unanswered });
            return this with
            {
                Orders = Orders.Add(flying), Current = Current with { Unanswered = Current.Unanswered.SetItem(step.Instance, failed) },
            };
        }

        return machine.Cut || machine.Agent == AgentState.Dead ? this
            : machine.Agent == AgentState.Frozen ? this with { Orders = Orders.Add(flying) }
            : Deliver(flying, isAwaited: true);
    }

    /// <param name="isAwaited">Whether the ServiceMaster still waits for the answer.</param>
    private Cluster Deliver(Flying flying, bool isAwaited)
    {
        var machine = Of(flying.To);
        if (!machine.Answers) return this;
        var (after, answer) = machine.Take(flying.Order, Now, Without);
        var next = With(after);
        if (after != machine) next = next.Tell(flying.To);
        if (answer.Accepted || !isAwaited || flying.Order.Epoch != Current.Record.Epoch) return next;
        if (answer.Refusal == Refusal.StaleEpoch) return next.Saved(next.Current.Record.Overtaking(answer.KnownEpoch));
        var refused = new OrderRefused(flying.Order.Instance, flying.To, answer);
        return next.Saved(next.Current.Record.WithRefusal(refused, next.Current.Observed, Clock));
    }

    private Cluster Check()
    {
        if (Broken is not null) return this;
        var twice = Machines.SelectMany(m => m.Live.Select(name => (Slot: SlotOf(name), Where: $"{name} on {m.Name}")))
            .GroupBy(live => live.Slot).FirstOrDefault(slot => slot.Count() > 1);
        return twice is null ? this : this with { Broken = $"two run at once: {string.Join(", ", twice.Select(live => live.Where))}" };
    }

    private static int SlotOf(string instance) => InstanceName.TryParse(instance, out var name) ? name.Slot : 0;
}
