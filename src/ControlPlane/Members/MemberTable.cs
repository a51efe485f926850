using System.Collections.Immutable;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Members;

/// <summary>The registry's table; every change gives a new one and says which services should look again. Pure.</summary>
internal sealed record MemberTable(ImmutableSortedDictionary<string, Registration> Leases)
{
    private const int WaitingBound = 10_000;

    private ImmutableHashSet<string> Waiting { get; init; } = [];

    /// <summary>Until then nobody can have become silent: renewals, which judge everyone, need not look at each lease.</summary>
    private TimeSpan CalmUntil { get; init; } = TimeSpan.MinValue;

    /// <summary>When more workers had vanished than remained; none while that is not so.</summary>
    private RegistryTime? HeldSince { get; init; }

    /// <summary>Why no worker is declared lost at present.</summary>
    public string? Brake { get; init; }

    public bool BrakeOverruled { get; init; }

    /// <summary>What must survive; the same value as long as it does not change.</summary>
    public ValueList<KnownWorker> Known { get; private init; } = [];

    public static MemberTable From(IEnumerable<KnownWorker> known, RegistryTime now) =>
        new MemberTable(known.Select(worker => new Registration
        {
            Name = worker.Name,
            SeenAt = now,
            Draining = worker.Draining,
            DeclaredLost = worker.DeclaredLost,
            Grace = 2,
        }).ToImmutableSortedDictionary(lease => lease.Name, lease => lease, StringComparer.Ordinal)).Remember();

    /// <summary>With those who were heard before it was known who is; what was wished or declared of them is in this table.</summary>
    public MemberTable And(MemberTable? heard)
    {
        if (heard is null) return this;
        var leases = heard.Leases.Values.Select(lease => Leases.GetValueOrDefault(lease.Name) is { } known
            ? lease with { Draining = known.Draining } : lease);
        return (this with
        {
            Leases = Leases.SetItems(leases.Select(lease => KeyValuePair.Create(lease.Name, lease))), Waiting = heard.Waiting,
        }).Remember();
    }

    /// <summary>
    /// Renews a lease. An older process of the worker that still talks is ignored, and so is what a report says that a newer one has
    /// overtaken.
    /// </summary>
    public (MemberTable Table, LeaseAnswer Answer, MemberChange? Change) Renew(WorkerReport report, LivenessRules rules, RegistryTime now)
    {
        var before = Leases.GetValueOrDefault(report.Name);
        if (before?.Report is { } last)
        {
            if (last.Incarnation > report.Incarnation)
                return (this, new LeaseAnswer { Lease = TimeSpan.Zero, Draining = before.Draining }, null);
            if (last.Sequence >= report.Sequence)
                return (this, new LeaseAnswer { Lease = rules.LostAfter, Draining = before.Draining }, null);
        }

        var lease = new Registration
        {
            Name = report.Name,
            SeenAt = now,
            Report = report.Images is null ? report with { Images = before?.Report?.Images } : report,
            ImagesAt = report.Images is null ? before?.ImagesAt : report.Sequence,
            Draining = before?.Draining ?? false,
        };
        var known = before?.Report is not null && !before.DeclaredLost && before.Report.Incarnation == report.Incarnation;
        var answer = new LeaseAnswer { Lease = rules.LostAfter, ReportEverything = !known, Draining = lease.Draining };
        var silentAt = now.Passed + rules.SuspectAfter;
        var table = this with { Leases = Leases.SetItem(report.Name, lease), CalmUntil = silentAt < CalmUntil ? silentAt : CalmUntil };

        if (before is null || before.DeclaredLost) table = table.Remember();
        var what = before is null ? "joined"
            : before.DeclaredLost ? "returned"
            : before.SilentFor(now) > rules.SuspectAfter || before.Report is null ? "answers again"
            : HasMoreRoom(before.Report, report) ? "has room"
            : null;
        return what is null ? (table, answer, null) : table.Wake(report.Name, what, what == "has room" ? [] : report.Services, answer);
    }

    /// <summary>Declares workers lost whose lease ran out, unless the brake is on; forgets those that stay away for good.</summary>
    public (MemberTable Table, ValueList<MemberChange> Changes) Judge(LivenessRules rules, RegistryTime now)
    {
        if (now.Passed <= CalmUntil && !BrakeOverruled) return (this, []);
        var (lost, held, brake) = Liveness.Judge(Leases.Values, rules, now, BrakeOverruled);
        if (!held && HeldSince is { } since) return (this with { HeldSince = null }).Forgive(since, rules, now).Judge(rules, now);
        var forgotten = Leases.Values.Where(lease => lease.DeclaredLost && lease.SilentFor(now) > rules.ForgottenAfter)
            .Select(lease => lease.Name);
        var leases = Leases.RemoveRange(forgotten);
        leases = leases.SetItems(lost.Select(name => KeyValuePair.Create(name, leases[name] with { DeclaredLost = true })));
        var anySilent = leases.Values.Any(lease => !lease.DeclaredLost && Liveness.Of(lease, rules, now) != WorkerHealth.Ready);
        var table = this with
        {
            Leases = leases,
            Brake = brake,
            HeldSince = held ? HeldSince ?? now : null,
            BrakeOverruled = BrakeOverruled && anySilent,
            CalmUntil = leases.Values.Select(lease =>
                lease.SeenAt.Passed + (lease.DeclaredLost ? rules.ForgottenAfter : rules.SuspectAfter))
                .DefaultIfEmpty(TimeSpan.MinValue).Min(),
        };
        if (lost.Count > 0 || leases.Count < Leases.Count) table = table.Remember();
        var changes = lost.Select(name => new MemberChange
        {
            Worker = name,
            What = "lost",
            Services = Leases[name].Report?.Services ?? [],
        }).ToValueList();
        return (table, changes);
    }

    /// <summary>
    /// The brake lets go. Silence in which more had vanished than remained proves nothing: it is forgiven, and where somebody would have
    /// been lost in it, everybody has a whole lease to be heard in.
    /// </summary>
    private MemberTable Forgive(RegistryTime since, LivenessRules rules, RegistryTime now)
    {
        var held = now.Heard - since.Heard;
        var silent = Leases.Values.Where(lease => !lease.DeclaredLost && lease.SilentFor(now) > rules.SuspectAfter);
        return this with
        {
            Leases = Leases.SetItems(silent.Select(lease => KeyValuePair.Create(lease.Name, lease with
            {
                ForgivenUntil = now.Heard - (Brake is null ? Left(lease) : TimeSpan.Zero),
            }))),
        };

        TimeSpan Left(Registration lease) => lease.CountedSilence(now) is var counted && counted > held ? counted - held : TimeSpan.Zero;
    }

    /// <summary>Why a worker cannot be taken for gone; null when it can.</summary>
    public string? WhyNotGone(string worker, LivenessRules rules, RegistryTime now) => Leases.GetValueOrDefault(worker) switch
    {
        null => $"'{worker}' is not a known worker",
        var lease when !lease.DeclaredLost && lease.SilentFor(now) <= rules.SuspectAfter && lease.Report is not null =>
            $"'{worker}' is there: it was heard {Durations.FormatTenths(lease.SilentFor(now))} ago",
        _ => null,
    };

    /// <summary>A person is sure that these workers, which are silent, are gone.</summary>
    public MemberTable ConfirmLoss(IEnumerable<string> workers) => this with
    {
        Leases = Leases.SetItems(workers.Select(name => KeyValuePair.Create(name, Leases[name] with { LossConfirmed = true }))),
    };

    /// <summary>Records an operator's wish; null when the worker is not known.</summary>
    public (MemberTable Table, MemberChange? Change)? SetDraining(DrainWish wish)
    {
        if (Leases.GetValueOrDefault(wish.Worker) is not { } lease) return null;
        if (lease.Draining == wish.Draining) return (this, null);
        var table = (this with { Leases = Leases.SetItem(wish.Worker, lease with { Draining = wish.Draining }) }).Remember();
        var (woken, _, change) = table.Wake(wish.Worker, wish.Draining ? "drains" : "drains no longer", lease.Report?.Services ?? [], null);
        return (woken, change);
    }

    /// <summary>A service waits for room: it will be among the services of the next change.</summary>
    public MemberTable WaitsForRoom(string service) => Waiting.Count < WaitingBound ? this with { Waiting = Waiting.Add(service) } : this;

    /// <param name="holding">Services of which it is to be told who has instances.</param>
    public ValueList<Worker> Workers(LivenessRules rules, RegistryTime now, ValueList<string>? holding = null) =>
        Leases.Values.Select(lease => WorkerOf(lease, rules, now) with { Holds = Held(lease, holding ?? []) }).ToValueList();

    /// <summary>What is on these workers, of those that have told.</summary>
    public ValueList<WorkerImages> Images(ValueList<string> workers) => workers.Select(Leases.GetValueOrDefault)
        .Where(lease => lease is { ImagesAt: not null, Report.Images: not null })
        .Select(lease => new WorkerImages(lease!.Name, lease.ImagesAt!.Value, lease.Report!.Images!)).ToValueList();

    /// <summary>Of a worker that has not been heard yet, nobody knows that it has none.</summary>
    private static ValueList<string> Held(Registration lease, ValueList<string> asked) =>
        asked.Count == 0 || lease.DeclaredLost ? [] : lease.Report is { } report ? asked.Intersect(report.Services).ToValueList() : asked;

    public IEnumerable<Member> Members(LivenessRules rules, RegistryTime now) => Leases.Values.Select(lease => new Member
    {
        Name = lease.Name,
        Role = MemberRole.Worker,
        Address = lease.Report?.Address ?? "",
        Status = HealthOf(lease, rules, now),
        Note = Note(lease, rules, now) ?? lease.Report?.Note,
        Silence = lease.SilentFor(now),
        Incarnation = lease.Report?.Incarnation,
        Draining = lease.Draining,
        Labels = lease.Report?.Labels ?? ValueMap.Empty,
        Capacity = lease.Report?.Capacity,
        Load = lease.Report?.Load,
        Services = lease.Report?.Services ?? [],
    });

    /// <summary>How each worker is, in short; of one that has not been heard yet only what is wanted of it.</summary>
    public ValueList<WorkerState> States(LivenessRules rules, RegistryTime now) => Leases.Values.Select(lease =>
    {
        var isKnown = lease.Report is not null || lease.DeclaredLost;
        return new WorkerState(
            lease.Name, isKnown ? HealthOf(lease, rules, now) : null, lease.Draining,
            lease.Report is { } report ? lease.Draining && report.Load.Instances == 0 : null, Note(lease, rules, now));
    }).ToValueList();

    private Worker WorkerOf(Registration lease, LivenessRules rules, RegistryTime now)
    {
        var health = HealthOf(lease, rules, now);
        var note = Note(lease, rules, now);
        if (lease.Report is not { } report)
            return new Worker { Name = lease.Name, Health = health, Draining = lease.Draining, Note = note };
        return new Worker
        {
            Name = lease.Name,
            Address = report.Address,
            Labels = report.Labels,
            Health = health,
            Draining = lease.Draining,
            Capacity = report.Capacity,
            Load = report.Load,
            Policy = report.Policy,
            HostPorts = report.HostPorts,
            ImagesAt = lease.ImagesAt,
            Heard = report.Sequence,
            Age = lease.SilentFor(now),
            Note = note,
        };
    }

    /// <summary>
    /// What placement goes by and what a person is shown: a worker that is not heard, or whose engine does not answer, lives, but nothing
    /// new may go there.
    /// </summary>
    private static WorkerHealth HealthOf(Registration lease, LivenessRules rules, RegistryTime now)
    {
        var health = Liveness.Of(lease, rules, now);
        return health == WorkerHealth.Ready && lease.Report is not { EngineProblem: null } ? WorkerHealth.Suspect : health;
    }

    private string? Note(Registration lease, LivenessRules rules, RegistryTime now) => Liveness.Of(lease, rules, now) switch
    {
        WorkerHealth.Lost => "its lease ran out",
        _ when lease.Report is null => "it has not been heard since the registry was activated",
        WorkerHealth.Suspect => $"it is silent{(Brake is null ? "" : $", and not declared lost: {Brake}")}",
        _ => lease.Report.EngineProblem,
    };

    private static bool HasMoreRoom(WorkerReport before, WorkerReport now) =>
        now.Load.Reserved.Cpu < before.Load.Reserved.Cpu
        || now.Load.Reserved.Memory < before.Load.Reserved.Memory
        || before.HostPorts.Any(port => !now.HostPorts.Contains(port))
        || now.Load.Instances < before.Load.Instances
        || now.Policy != before.Policy
        || (before.EngineProblem is not null && now.EngineProblem is null);

    private MemberTable Remember() =>
        this with { Known = Leases.Values.Select(lease => new KnownWorker(lease.Name, lease.Draining, lease.DeclaredLost)).ToValueList() };

    private (MemberTable, LeaseAnswer, MemberChange?) Wake(string worker, string what, ValueList<string> services, LeaseAnswer? answer)
    {
        var all = services.Union(Waiting).Order(StringComparer.Ordinal).ToValueList();
        var change = all.Count == 0 && what == "has room" ? null : new MemberChange { Worker = worker, What = what, Services = all };
        return (this with { Waiting = [] }, answer!, change);
    }
}
