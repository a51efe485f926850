using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Which images a worker must keep for a service: a rollback, and a repair beside it, must not have to pull.</summary>
internal static class NeededImages
{
    /// <summary>
    /// As references and as bytes: those of the revision in force and the one before it, of a rollout's both ends, and of whatever slots
    /// and instances are in.
    /// </summary>
    public static ValueList<string> Of(ServiceRecord record, string worker)
    {
        HashSet<int> numbers =
        [
            record.Revision, .. record.Slots.Select(it => it.Revision), .. record.Instances.Select(it => it.Revision),
            .. record.Revisions.Where(it => it.Number < record.Revision).Select(it => it.Number).TakeLast(1),
            .. record.Rollout is { } rollout ? new[] { rollout.From, rollout.To } : [],
        ];
        return record.Revisions.Where(it => numbers.Contains(it.Number))
            .SelectMany(it => new[] { it.Spec.Container.Image, it.Content.ImageOn(worker, it.Spec.Container.Image) })
            .OfType<string>().Distinct().Order(StringComparer.Ordinal).ToValueList();
    }
}
