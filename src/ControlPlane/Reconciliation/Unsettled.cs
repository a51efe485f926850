using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// What is said when even the last pass that is allowed decided something: two stages undo each other. That is a mistake in the code, to
/// be noticed and not to be hidden; the steps are sent all the same, for what runs must not suffer from it.
/// </summary>
internal static class Unsettled
{
    private static readonly TimeSpan LookSoon = TimeSpan.FromSeconds(2);

    private const int MostNamed = 5;

    /// <param name="last">What the last pass began with.</param>
    public static Plan Say(Plan plan, Situation last)
    {
        var changes = Changes(last.Record, plan.Record);
        var named = changes.Count == 0 ? "nothing that it could name" : string.Join(", ", changes.Take(MostNamed));
        var more = changes.Count > MostNamed ? $" and {changes.Count - MostNamed} more" : "";
        var why = $"decided again and again in {Reconciler.MostPasses} passes: {named}{more}";
        var soon = last.Now + LookSoon;
        return plan with
        {
            Unsettled = why,
            Waiting = [why, .. plan.Waiting],
            LookAgainAt = plan.LookAgainAt < soon ? plan.LookAgainAt : soon,
        };
    }

    private static List<string> Changes(ServiceRecord before, ServiceRecord after) =>
    [
        .. Differing(before.Instances, after.Instances).Select(instance => instance.Name).Distinct(),
        .. Differing(before.Slots, after.Slots).Select(slot => $"slot {slot.Number}").Distinct(),
        .. before.Revision != after.Revision ? ["the revision"] : Array.Empty<string>(),
        .. before.Rollout != after.Rollout ? ["the rollout"] : Array.Empty<string>(),
        .. before.Rebalance != after.Rebalance ? ["the rebalancing"] : Array.Empty<string>(),
    ];

    private static IEnumerable<T> Differing<T>(ValueList<T> before, ValueList<T> after) =>
        before.Except(after).Concat(after.Except(before));
}
