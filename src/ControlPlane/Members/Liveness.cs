using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Members;

/// <summary>Age of a lease → ready, suspect or lost; and the brake. Pure.</summary>
internal static class Liveness
{
    /// <summary>What to call a worker now: it is lost only once that has been declared.</summary>
    public static WorkerHealth Of(Registration lease, LivenessRules rules, RegistryTime now) =>
        lease.DeclaredLost ? WorkerHealth.Lost
        : lease.SilentFor(now) > rules.SuspectAfter ? WorkerHealth.Suspect
        : WorkerHealth.Ready;

    /// <summary>
    /// Who is to be declared lost now, or why nobody is. When more workers have vanished than remain, this side assumes that it is
    /// the one cut off. Workers declared lost earlier take no part in the count: they were a decision of a side that had the majority.
    /// </summary>
    public static Judgement Judge(
        IEnumerable<Registration> leases, LivenessRules rules, RegistryTime now, bool overruled)
    {
        var counted = leases.Where(lease => !lease.DeclaredLost).ToList();
        var vanished = counted.Count(lease => lease.SilentFor(now) > rules.SuspectAfter);
        var overdue = counted.Where(lease => lease.CountedSilence(now) > rules.LostAfter * lease.Grace)
            .OrderBy(lease => lease.Name, StringComparer.Ordinal).ToList();
        var held = vanished > counted.Count - vanished;
        var lost = overdue.Where(lease => !held || overruled || lease.LossConfirmed).Select(lease => lease.Name).ToValueList();
        var brake = lost.Count == overdue.Count ? null
            : $"{vanished} of {counted.Count} workers are silent: more have vanished than remain, "
                + "so this side may be the one cut off and declares none of them lost";
        return new(lost, held, brake);
    }
}

/// <summary>What follows from everybody's silence.</summary>
/// <param name="Lost">Workers that are lost now.</param>
/// <param name="Held">More have vanished than remain: silence is not held against anybody.</param>
/// <param name="Brake">In words, when somebody would be lost otherwise.</param>
internal sealed record Judgement(ValueList<string> Lost, bool Held, string? Brake);
