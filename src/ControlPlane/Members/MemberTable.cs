using System.Collections.Immutable;
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
    private DateTimeOffset CalmUntil { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Why no worker is declared lost at present.</summary>
    public string? Brake { get; init; }

    public bool BrakeOverruled { get; init; }

    /// <summary>What must survive; the same value as long as it does not change.</summary>
    public ValueList<KnownWorker> Known { get; private init; } = [];

    public static MemberTable From(IEnumerable<KnownWorker> known, DateTimeOffset now) =>
        new MemberTable(known.Select(worker => new Registration
        {
            Name = worker.Name,
            SeenAt = now,
            Draining = worker.Draining,
            DeclaredLost = worker.DeclaredLost,
            Grace = 2,
        }).ToImmutableSortedDictionary(lease => lease.Name, lease => lease, StringComparer.Ordinal)).Remember();

    /// <summary>
    /// Renews a lease. An older process of the worker that still talks is ignored, and so is what a report says that a newer one has
    /// overtaken.
    /// </summary>
    public (MemberTable Table, LeaseAnswer Answer, MemberChange? Change) Renew(WorkerReport report, LivenessRules rules, DateTimeOffset now)
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
            Draining = before?.Draining ?? false,
        };
        var known = before?.Report is not null && !before.DeclaredLost && before.Report.Incarnation == report.Incarnation;
        var answer = new LeaseAnswer { Lease = rules.LostAfter, ReportEverything = !known, Draining = lease.Draining };
        var silentAt = now + rules.SuspectAfter;
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
    public (MemberTable Table, ValueList<MemberChange> Changes) Judge(LivenessRules rules, DateTimeOffset now)
    {
        if (now <= CalmUntil && !BrakeOverruled) return (this, []);
        var (lost, brake) = Liveness.Judge(Leases.Values, rules, now, BrakeOverruled);
        var forgotten = Leases.Values.Where(lease => lease.DeclaredLost && lease.SilentFor(now) > rules.ForgottenAfter)
            .Select(lease => lease.Name);
        var leases = Leases.RemoveRange(forgotten);
        leases = leases.SetItems(lost.Select(name => KeyValuePair.Create(name, leases[name] with { DeclaredLost = true })));
        var anySilent = leases.Values.Any(lease => !lease.DeclaredLost && Liveness.Of(lease, rules, now) != WorkerHealth.Ready);
        var table = this with
        {
            Leases = leases,
            Brake = brake,
            BrakeOverruled = BrakeOverruled && anySilent,
            CalmUntil = leases.Values.Select(lease => lease.SeenAt + (lease.DeclaredLost ? rules.ForgottenAfter : rules.SuspectAfter))
                .DefaultIfEmpty(DateTimeOffset.MinValue).Min(),
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

    public ValueList<Worker> Workers(LivenessRules rules, DateTimeOffset now) =>
        Leases.Values.Select(lease => WorkerOf(lease, rules, now)).ToValueList();

    public IEnumerable<Member> Members(LivenessRules rules, DateTimeOffset now) => Leases.Values.Select(lease => new Member
    {
        Name = lease.Name,
        Role = MemberRole.Worker,
        Address = lease.Report?.Address ?? "",
        Status = HealthOf(lease, rules, now),
        Note = lease.Report is null ? "has not been heard since the registry was activated" : lease.Report.EngineProblem,
        Silence = lease.SilentFor(now),
        Draining = lease.Draining,
        Labels = lease.Report?.Labels ?? ValueMap.Empty,
        Capacity = lease.Report?.Capacity,
        Load = lease.Report?.Load,
        Services = lease.Report?.Services ?? [],
    });

    private static Worker WorkerOf(Registration lease, LivenessRules rules, DateTimeOffset now)
    {
        var health = HealthOf(lease, rules, now);
        if (lease.Report is not { } report) return new Worker { Name = lease.Name, Health = health, Draining = lease.Draining };
        return new Worker
        {
            Name = lease.Name,
            Address = report.Address,
            Labels = report.Labels,
            Health = health,
            Draining = lease.Draining,
            Capacity = report.Capacity,
            Load = report.Load,
            HostPorts = report.HostPorts,
            Images = report.Images ?? [],
            ReportedAt = lease.SeenAt,
        };
    }

    /// <summary>
    /// What placement goes by and what a person is shown: a worker that is not heard, or whose engine does not answer, lives, but nothing
    /// new may go there.
    /// </summary>
    private static WorkerHealth HealthOf(Registration lease, LivenessRules rules, DateTimeOffset now)
    {
        var health = Liveness.Of(lease, rules, now);
        return health == WorkerHealth.Ready && lease.Report is not { EngineProblem: null } ? WorkerHealth.Suspect : health;
    }

    private static bool HasMoreRoom(WorkerReport before, WorkerReport now) =>
        now.Load.Reserved.Cpu < before.Load.Reserved.Cpu
        || now.Load.Reserved.Memory < before.Load.Reserved.Memory
        || now.HostPorts.Count < before.HostPorts.Count
        || now.Load.Instances < before.Load.Instances
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
