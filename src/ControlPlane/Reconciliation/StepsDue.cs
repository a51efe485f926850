using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>The orders whose effect has not been seen, those of this turn and of all before: an order is repeated every turn until a report shows it.</summary>
internal static class StepsDue
{
    private static readonly TimeSpan RollCall = TimeSpan.FromSeconds(2);

    public static void Collect(Draft draft)
    {
        foreach (var slot in draft.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next)
            {
                var it = item.Record;
                if (item.Standing == Standing.Unheard) draft.LookAgain(draft.Now + RollCall);
                if (it.Intent == Intent.Stop)
                {
                    if (item.Standing != Standing.Stopping) draft.Send(new Stop(it.Name, it.Worker, it.Reason, draft.Spec.StopDelay, draft.ContainerOf(it.Revision)?.StopGrace ?? draft.Spec.Container.StopGrace));
                }
                else if (item.Standing == Standing.Placed && draft.ContainerOf(it.Revision) is { } container)
                {
                    draft.Send(new Run(it.Name, it.Worker, it.Reason, container));
                }
            }
        }
    }
}
