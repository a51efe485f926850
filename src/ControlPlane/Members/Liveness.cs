using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Members;

/// <summary>Age of a lease → ready, suspect or lost; and the brake. Pure.</summary>
internal static class Liveness
{
    /// <summary>What to call a worker now: it is lost only once that has been declared.</summary>
    public static WorkerHealth Of(Registration lease, LivenessRules rules, DateTimeOffset now) =>
        lease.DeclaredLost ? WorkerHealth.Lost
        : lease.SilentFor(now) > rules.SuspectAfter ? WorkerHealth.Suspect
        : WorkerHealth.Ready;

    /// <summary>
    /// Who is to be declared lost now, or why nobody is. When more workers have vanished than remain, this side assumes that it is
    /// the one cut off. Workers declared lost earlier take no part in the count: they were a decision of a side that had the majority.
    /// </summary>
    public static (ValueList<string> Lost, string? Brake) Judge(
        IEnumerable<Registration> leases, LivenessRules rules, DateTimeOffset now, bool overruled)
    {
        var counted = leases.Where(lease => !lease.DeclaredLost).ToList();
        var vanished = counted.Count(lease => lease.SilentFor(now) > rules.SuspectAfter);
        var overdue = counted.Where(lease => lease.SilentFor(now) > rules.LostAfter * lease.Grace).Select(lease => lease.Name);
        var due = overdue.Order(StringComparer.Ordinal).ToValueList();
        if (due.Count == 0 || overruled || vanished <= counted.Count - vanished) return (due, null);
        return ([],
            $"{vanished} of {counted.Count} workers are silent: more have vanished than remain, "
            + "so this side may be the one cut off and declares none of them lost");
    }
}
