using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>First of all: what has ended, was lost or is unhealthy leaves the record, and its slot remembers how.</summary>
internal static class Endings
{
    /// <summary>So long a worker on which a slot failed twice in a row is put behind the others.</summary>
    public static readonly TimeSpan AvoidFailingWorker = TimeSpan.FromMinutes(5);

    public static void Note(Draft draft)
    {
        SortedDictionary<string, int>? lost = null;
        foreach (var slot in draft.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next)
            {
                if (item.Standing == Standing.Ended)
                {
                    draft.Remove(slot, item);
                    if (item.Runs) EndedByItself(draft, slot, item, WordsOf(item.Seen!.Report));
                }
                else if (item.Standing == Standing.Lost)
                {
                    draft.Remove(slot, item);
                    if (item.Runs) (lost ??= new(StringComparer.Ordinal))[item.Record.Worker] = lost.GetValueOrDefault(item.Record.Worker) + 1;
                }
                else if (item is { Runs: true, IsUnhealthy: true })
                {
                    draft.Stop(item, $"unhealthy{(item.Seen!.Report.Message is { } message ? $": {Short(message)}" : "")}");
                    EndedByItself(draft, slot, item, item.Record.Reason, itEnded: false);
                }
            }
        }

        foreach (var (worker, count) in lost ?? [])
            draft.Tell(HistoryKind.Lost, $"{worker} was lost with {count} {(count == 1 ? "instance" : "instances")}, to be replaced elsewhere");
    }

    /// <summary>The pause before the next start: none after the first end, then doubling; a tenth more or less by the name, so that slots do not march in step.</summary>
    public static TimeSpan Pause(RestartPolicy policy, int inARow, string instance)
    {
        if (inARow <= 1) return TimeSpan.Zero;
        var doubled = policy.Delay.TotalMilliseconds * Math.Pow(2, Math.Min(inARow - 2, 40));
        var jitter = 0.9 + Names.Hash(instance, 1) % 2001 / 10000.0;
        return TimeSpan.FromMilliseconds(Math.Min(policy.MaxDelay.TotalMilliseconds, Math.Floor(doubled * jitter)));
    }

    /// <summary>How an instance ended: <c>exit code 1: no such file</c>.</summary>
    public static string WordsOf(InstanceReport report)
    {
        var code = report.ExitCode is { } exit ? string.Create(CultureInfo.InvariantCulture, $"exit code {exit}") : null;
        return (code, report.Message) switch
        {
            (null, null) => "never came to run",
            (null, { } message) => Short(message),
            ({ } exited, null or "") => exited,
            ({ } exited, { } message) when message.StartsWith(exited, StringComparison.Ordinal) => Short(message),
            ({ } exited, { } message) => $"{exited}: {Short(message)}",
        };
    }

    private static string Short(string message) => message.Length <= 300 ? message : message[..299] + "…";

    private static void EndedByItself(Draft draft, SlotWork slot, Item item, string what, bool itEnded = true)
    {
        if (slot.Record is not { } record) return;
        draft.Tell(HistoryKind.Restart, $"{item.Record.Name} on {item.Record.Worker} {(itEnded ? "ended" : "is")} {(itEnded ? $"({what})" : what)}", slot.Number, item.Record.Revision);
        // An old instance whose successor is coming anyway says nothing about the slot's revision.
        if (item.Record.Revision != record.Revision || slot.Latest is { } latest && latest.Record.Revision == record.Revision) return;

        slot.FailedNow = what;
        var policy = draft.Spec.Restart;
        var report = item.Seen!.Report;
        if (itEnded && report.ExitCode == 0 && policy.Condition == RestartCondition.OnFailure)
        {
            draft.SetSlot(slot, record with { Ended = "finished with exit code 0; its restart policy is on-failure" });
            return;
        }

        if (policy.Condition == RestartCondition.Never)
        {
            draft.SetSlot(slot, record with { Ended = $"ended ({what}); its restart policy is never" });
            return;
        }

        var failures = After(record.Failures, policy, item, what, draft.Now);
        var ended = policy.Attempts > 0 && failures.Count >= policy.Attempts
            ? $"failed {failures.Count} times in {Durations.Format(Rounded(draft.Now - failures.Since))}: {what}, last on {failures.Worker}"
            : null;
        draft.SetSlot(slot, record with { Failures = failures, Ended = ended });
    }

    private static FailureMemory After(FailureMemory? before, RestartPolicy policy, Item item, string what, DateTimeOffset now)
    {
        var report = item.Seen!.Report;
        var ranWell = report.StartedAt is { } started && (report.EndedAt ?? now) - started >= policy.ResetAfter;
        if (ranWell) before = null;
        var inARow = (before?.InARow ?? 0) + 1;
        var newWindow = before is null || now - before.Since > policy.Window;
        return new FailureMemory
        {
            InARow = inARow,
            Count = newWindow ? 1 : before!.Count + 1,
            Since = newWindow ? now : before!.Since,
            Last = now,
            NotBefore = now + Pause(policy, inARow, item.Record.Name),
            Worker = item.Record.Worker,
            OnWorker = before?.Worker == item.Record.Worker ? before.OnWorker + 1 : 1,
            What = what,
        };
    }

    private static TimeSpan Rounded(TimeSpan duration) => TimeSpan.FromSeconds(Math.Max(1, Math.Round(duration.TotalSeconds)));
}
