using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Members;

/// <summary>Tells the log of events how the workers are, whenever one of them is otherwise than it was.</summary>
internal sealed class MemberEvents(IEvents events, LivenessRules rules, TimeProvider clock)
{
    private ValueList<WorkerState>? told;
    private string? brake;
    private int givenUp;
    private TimeSpan? lookedAt;
    private DateTimeOffset at;

    /// <summary>Silence is no change: as many look as there are renewals, so each look at all of them serves for a while.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <param name="isChange">Whether something other than time has changed.</param>
    public void Tell(MemberTable table, RegistryTime now, bool isChange)
    {
        if (!isChange && lookedAt is { } last && now.Passed - last < LookEvery) return;
        lookedAt = now.Passed;
        var states = table.States(rules, now);
        if (states.Equals(told) && (table.Brake is null) == (brake is null) && givenUp == events.GivenUp) return;
        (told, brake, givenUp) = (states, table.Brake, events.GivenUp);
        // A wall clock that was put back must not make what is new look old.
        var next = clock.GetUtcNow();
        at = next > at ? next : at + TimeSpan.FromTicks(1);
        events.Tell(new MemberNews(at, states, brake));
    }
}
