using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Moves take away at most as many serving instances at a time as the service allows, and an update doubles at most as many slots as its
/// parallelism.
/// </summary>
internal sealed class Budget
{
    private readonly ServiceSpec spec;
    private int moving;
    private int unavailable;
    private int updating;

    public Budget(Draft draft)
    {
        spec = draft.Spec;
        foreach (var slot in draft.Slots)
        {
            if (!slot.IsWanted) continue;
            if (!slot.HasReady) unavailable++;
            if (slot.IsUpdating) updating++;
            else if (slot.IsSwapping) moving++;
        }

        // What the rollout has admitted will be doubled, even if it is still being moved.
        updating += draft.Record.Rollout?.Batch.Count(member => draft.Slots.Find(member.Slot) is { IsUpdating: false }) ?? 0;
    }

    public bool AllowsRetry => updating < spec.Update.Parallelism;

    public bool AllowsMove(bool startFirst) => (startFirst ? moving : Math.Max(moving, unavailable)) < spec.MaxUnavailable;

    public void SpendRetry() => updating++;

    public void SpendMove() => (moving, unavailable) = (moving + 1, unavailable + 1);
}
