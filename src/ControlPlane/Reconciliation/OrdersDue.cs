using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>The orders whose effect has not been seen, those of this turn and of all before: an order is repeated every turn until a report shows it.</summary>
internal static class OrdersDue
{
    private static readonly TimeSpan RollCall = TimeSpan.FromSeconds(2);

    public static void Collect(Turn turn)
    {
        foreach (var slot in turn.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next)
            {
                var it = item.Record;
                if (item.Standing == Standing.Unheard) turn.LookAgain(turn.Now + RollCall);
                if (it.Wish == Wish.Stop)
                {
                    if (item.Standing != Standing.Stopping) turn.Send(new Stop(it.Name, it.Worker, it.Reason, turn.Spec.StopDelay, turn.ContainerOf(it.Revision)?.StopGrace ?? turn.Spec.StopGrace));
                }
                else if (item.Standing == Standing.Placed && turn.ContainerOf(it.Revision) is { } container)
                {
                    turn.Send(new Run(it.Name, it.Worker, it.Reason, container));
                }
            }
        }
    }
}
