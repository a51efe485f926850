using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Says of which instances nobody can tell at present what they do, because their worker is not heard.</summary>
internal static class Silences
{
    public static void Say(Draft draft)
    {
        // Nearly always all are heard.
        if (!draft.Fleet.Workers.Any(worker => worker.Health == WorkerHealth.Suspect)) return;
        foreach (var slot in draft.Slots)
        {
            foreach (var item in slot.Items)
            {
                if (!item.Runs || item.WorkerIndex < 0) continue;
                var worker = draft.Fleet.Workers[item.WorkerIndex];
                if (worker.Health == WorkerHealth.Suspect)
                    draft.Wait(slot.Number, $"{worker.Name} is suspect: {worker.Note ?? "it is silent"}; what it has may run on");
            }
        }
    }
}
