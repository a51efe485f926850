using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>The volumes with a name that slots of a service have, or would take again.</summary>
internal static class HeldVolumes
{
    public static ValueList<HeldVolume> Of(ServiceRecord record)
    {
        var ofInstances = record.Instances.SelectMany(it => Named(record.FindRevision(it.Revision)?.Spec ?? record.Spec)
            .Select(volume => new HeldVolume(volume, it.Worker, it.Slot)));
        var ofPins = record.Withdrawn ? [] : record.Pins.Where(it => !it.Released)
            .SelectMany(it => Named(record.Spec).Select(volume => new HeldVolume(volume, it.Worker, it.Slot)));
        return ofInstances.Concat(ofPins).Distinct().ToValueList();
    }

    private static IEnumerable<string> Named(ServiceSpec spec) => spec.Container.Volumes.Where(it => it.IsNamed()).Select(it => it.Source);
}
