using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>A name is used once: a slot that enters a revision begins after all attempts used in it by slots that have left it.</summary>
internal sealed class UsedAttempts(ServiceRecord record)
{
    /// <summary>By revision the highest attempt of the slots that leave it in this pass.</summary>
    private readonly Dictionary<int, int> left = [];

    /// <summary>The slot leaves its revision, or is no longer wanted.</summary>
    public void Leave(SlotRecord slot)
    {
        if (left.GetValueOrDefault(slot.Revision) < slot.Attempt) left[slot.Revision] = slot.Attempt;
    }

    /// <summary>The slot's memory as it enters a revision.</summary>
    /// <param name="worker">In a global service the worker that the slot belongs to.</param>
    public SlotRecord Enter(int slot, int revision, string? worker) => new()
    {
        Number = slot,
        Revision = revision,
        Attempt = Math.Max(record.FindRevision(revision)?.Attempts ?? 0, left.GetValueOrDefault(revision)),
        Worker = worker,
    };

    /// <summary>The revision with what was used in it until now.</summary>
    public RevisionRecord NoteIn(RevisionRecord revision)
    {
        var attempts = left.GetValueOrDefault(revision.Number);
        return attempts > revision.Attempts ? revision with { Attempts = attempts } : revision;
    }
}
