using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Last of all: what has been decided and not been seen to happen is ordered again, every turn until a report shows its effect.
/// </summary>
internal static class StepsDue
{
    /// <summary>A step whose effect no report has shown is due again after so long, and sent no sooner.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    /// <summary>Workers that have not been heard are asked again after so long.</summary>
    public static readonly TimeSpan RollCallAfter = TimeSpan.FromSeconds(2);

    public static void Collect(Draft draft)
    {
        foreach (var slot in draft.Slots)
        {
            foreach (var item in slot.Items)
            {
                if (item.Standing == Standing.Unheard) draft.LookAgain(draft.Now + RollCallAfter);
                if (draft.GivenUpAt(item) is { } at) draft.LookAgain(at);
                if (StepOf(draft, slot, item) is { } step) draft.Send(step);
            }
        }
    }

    private static Step? StepOf(Draft draft, SlotWork slot, Item item)
    {
        var it = item.Record;
        if (it.Intent == Intent.Stop) return item.Standing == Standing.Stopping ? null : StopOf(draft, it);
        if (item.Standing != Standing.Placed || draft.ContainerOf(it.Revision) is not { } container) return null;
        var revision = draft.Record.FindRevision(it.Revision);
        var (image, fingerprint) = (revision?.Content.ImageOn(it.Worker, container.Image), revision?.Fingerprint);
        return it.Intent == Intent.Run
            ? new Run(it.Name, it.Worker, it.Reason, container, it.Heard) { Image = image, Fingerprint = fingerprint }
            : new Prepare(it.Name, it.Worker, it.Reason, container, slot.Predecessor?.Record.Name ?? "")
            {
                Image = image, Fingerprint = fingerprint,
            };
    }

    private static Stop StopOf(Draft draft, InstanceRecord it) =>
        new(it.Name, it.Worker, it.Reason, draft.Spec.StopDelay, draft.ContainerOf(it.Revision)?.StopGrace
            ?? draft.Spec.Container.StopGrace);
}
