using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// A worker that could not run an instance is left alone for a while, and nothing is counted against the program; unless no worker can.
/// </summary>
internal static class WorkerFailures
{
    /// <summary>An image that so many workers cannot pull is not there.</summary>
    public const int MostPulls = 3;

    /// <summary>Excludes the worker; true when that leaves none, so that it is the instance's failure after all.</summary>
    public static bool IsEverywhere(Draft draft, Item item, string what)
    {
        var failed = draft.Record.Exclusions.Where(e => e.IsFailure && e.Until > draft.Now).Select(e => e.Worker)
            .Append(item.Record.Worker).ToHashSet(StringComparer.Ordinal);
        var isEverywhere = (item.Seen!.Report.Cause == EndCause.Image && failed.Count >= MostPulls) || !IsAnyLeft(draft, item, failed);
        var others = draft.Record.Exclusions.Where(e => isEverywhere ? !e.IsFailure : e.Worker != item.Record.Worker);
        var until = draft.Now + Endings.AvoidFailingWorker;
        var excluded = new Exclusion(item.Record.Worker, until, $"could not run {item.Record.Name}: {what}", IsFailure: true);
        draft.Change(draft.Record with { Exclusions = [.. others, .. isEverywhere ? [] : new[] { excluded }] });
        return isEverywhere;
    }

    private static bool IsAnyLeft(Draft draft, Item item, HashSet<string> failed)
    {
        var placer = draft.PlacerOf(item.Record.Revision);
        for (var at = 0; at < draft.Fleet.Workers.Length; at++)
        {
            var worker = draft.Fleet.Workers[at];
            var isAsked = worker is { Health: WorkerHealth.Ready, Draining: false } && !failed.Contains(worker.Name);
            if (isAsked && placer.CouldTake(at)) return true;
        }

        return false;
    }
}
