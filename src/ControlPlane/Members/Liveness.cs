using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Members;

/// <summary>How long silence is forgiven.</summary>
public sealed record LivenessRules
{
    /// <summary>Silence after which nothing new goes to a worker.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>The lease: silence after which a worker is lost and its instances are replaced.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A lost worker that stays away for so long is forgotten.</summary>
    public TimeSpan ForgottenAfter { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>Age of a lease → ready, suspect or lost; and the brake. Pure.</summary>
public static class Liveness
{
    /// <summary>What to call a worker now: it is lost only once that has been declared.</summary>
    public static WorkerHealth Of(Lease lease, LivenessRules rules, DateTimeOffset now) =>
        lease.DeclaredLost ? WorkerHealth.Lost
        : lease.SilentFor(now) > rules.SuspectAfter ? WorkerHealth.Suspect
        : WorkerHealth.Ready;

    /// <summary>
    /// Who is to be declared lost now, or why nobody is. When more workers have vanished than remain, this side assumes that it is
    /// the one cut off. Workers declared lost earlier take no part in the count: they were a decision of a side that had the majority.
    /// </summary>
    public static (ValueList<string> Lost, string? Brake) Judge(
        IEnumerable<Lease> leases, LivenessRules rules, DateTimeOffset now, bool overruled)
    {
        var counted = leases.Where(lease => !lease.DeclaredLost).ToList();
        var vanished = counted.Count(lease => lease.SilentFor(now) > rules.SuspectAfter);
        var overdue = counted.Where(lease => lease.SilentFor(now) > rules.LostAfter * lease.Grace).Select(lease => lease.Name);
        var due = overdue.Order(StringComparer.Ordinal).ToValueList();
        if (due.Count == 0 || overruled || vanished <= counted.Count - vanished) return (due, null);
        return ([],
            $"{vanished} of {counted.Count} workers are silent: more have vanished than remain, so this side may be the one cut off and declares none of them lost");
    }
}
