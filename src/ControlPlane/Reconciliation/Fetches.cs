namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// A successor that does not come to run, or to be ready for it, usually waits for its image. While its predecessor serves that takes
/// nothing away, so nobody waits for it for long.
/// </summary>
internal static class Fetches
{
    /// <summary>So long others wait for a successor that has not begun.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static bool IsSlow(Draft draft, SlotWork slot)
    {
        if (!slot.IsSwapping || !slot.HasReady || slot.Newest is not { Standing: Standing.Placed or Standing.Starting } successor)
            return false;
        return draft.HasCome(successor.Record.DecidedAt + Patience);
    }
}
