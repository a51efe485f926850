using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>First of all: what has ended, was lost or is unhealthy leaves the record, and its slot remembers how.</summary>
internal static class Endings
{
    /// <summary>So long a worker on which a slot failed twice in a row is put behind the others.</summary>
    public static readonly TimeSpan AvoidFailingWorker = TimeSpan.FromMinutes(5);

    /// <summary>
    /// So long a worker that handed an instance back is not chosen for the service: until it is back, or known to be gone.
    /// </summary>
    public static readonly TimeSpan AvoidLeavingWorker = TimeSpan.FromSeconds(5);

    public static void Note(Draft draft)
    {
        List<string> losses = [];
        foreach (var slot in draft.Slots)
        {
            foreach (var item in slot.Items)
            {
                if (item.Standing is Standing.Ended or Standing.Lost) Left(draft, slot, item);
                if (item.Leaves) continue;
                if (item.Standing == Standing.Lost && item.Runs) losses.Add(item.Record.Worker);
                else if (item.Standing == Standing.Ended) Ended(draft, slot, item);
                else if (item.IsUnhealthy) Unhealthy(draft, slot, item);
            }
        }

        foreach (var (worker, count) in losses.CountBy(worker => worker).OrderBy(loss => loss.Key, StringComparer.Ordinal))
        {
            var instances = count == 1 ? "instance" : "instances";
            draft.Tell(HistoryKind.Lost, $"{worker} was lost with {count} {instances}, to be replaced elsewhere");
        }
    }

    private static void Left(Draft draft, SlotWork slot, Item item)
    {
        draft.Remove(slot, item);
        if (item.Record.RunNumber > 0) JobRuns.Remember(draft, item);
    }

    /// <summary>
    /// The pause before the next start: none after the first end, then doubling; a tenth more or less by the name, so that slots do not
    /// march in step.
    /// </summary>
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

    [return: NotNullIfNotNull(nameof(message))]
    public static string? Short(string? message) => message is null || message.Length <= 300 ? message : message[..299] + "…";

    private static void Ended(Draft draft, SlotWork slot, Item item)
    {
        var report = item.Seen!.Report;
        var what = WordsOf(report);
        var policy = PolicyOf(draft);
        var isDone = IsSuccess(report) && policy.Condition != RestartCondition.Always;
        // That a job's work is done shows in its run.
        if (!isDone || item.Record.RunNumber == 0) TellRestart(draft, slot, item, $"ended ({what})");
        if (report.Cause == EndCause.HandedBack) Avoid(draft, item);
        var isOwn = report.Cause.IsWorkers() ? WorkerFailures.IsEverywhere(draft, item, what) : report.Cause.IsOwn();
        // What others did to it is made good whatever the restart policy, and held against nobody.
        if (!isOwn || !SpeaksForSlot(slot, item)) return;
        if (isDone)
        {
            Finish(draft, slot);
            return;
        }

        slot.FailedNow = what;
        Fail(draft, slot, item, what);
    }

    private static bool IsSuccess(InstanceReport report) => report is { ExitCode: 0, Cause: null or EndCause.Program };

    /// <summary>What counts for a job is how often it failed in its run, however long that takes.</summary>
    private static RestartPolicy PolicyOf(Draft draft) => draft.Spec.Mode != ServiceMode.Job ? draft.Spec.Restart : draft.Spec.Restart with
    {
        Condition = RestartCondition.OnFailure, Attempts = draft.Spec.Job.Tries(), Window = TimeSpan.MaxValue,
        ResetAfter = TimeSpan.MaxValue,
    };

    private static void Finish(Draft draft, SlotWork slot)
    {
        var policy = draft.Spec.Restart.Condition == RestartCondition.Never ? "never" : "on-failure";
        var finished = slot.Record!.Run > 0 ? "completed" : $"finished with exit code 0; its restart policy is {policy}";
        draft.SetSlot(slot, slot.Record! with { Ended = finished, IsFinished = true, Failures = null });
    }

    /// <summary>A worker that hands back is about to go: it would refuse the successor, or not even answer.</summary>
    private static void Avoid(Draft draft, Item item)
    {
        // Told only after the worker has come back, it is an old story.
        var ended = item.Seen!.Report.EndedAt is { } at && at < draft.Now ? at : draft.Now;
        var leaving = new Exclusion(item.Record.Worker, ended + AvoidLeavingWorker, "is leaving");
        if (leaving.Until <= draft.Now) return;
        draft.Change(draft.Record with
        {
            Exclusions = [.. draft.Record.Exclusions.Where(e => e.Worker != leaving.Worker), leaving],
        });
    }

    private static void Unhealthy(Draft draft, SlotWork slot, Item item)
    {
        var what = item.Seen!.Report.Message is { } message ? $"unhealthy: {Short(message)}" : "unhealthy";
        draft.Stop(item, what);
        TellRestart(draft, slot, item, $"is {what}");
        if (!SpeaksForSlot(slot, item)) return;
        slot.FailedNow = what;
        Fail(draft, slot, item, what);
    }

    private static void TellRestart(Draft draft, SlotWork slot, Item item, string what) =>
        draft.Tell(HistoryKind.Restart, $"{item.Record.Name} on {item.Record.Worker} {what}", slot.Number, item.Record.Revision);

    /// <summary>An old instance whose successor is coming anyway says nothing about the slot's revision.</summary>
    private static bool SpeaksForSlot(SlotWork slot, Item item) =>
        slot.Record?.Revision == item.Record.Revision
        && (item.IsHeld || slot.Newest?.Record.Revision != item.Record.Revision);

    /// <summary>An instance ended by itself: its slot remembers it, and tries again as its restart policy allows.</summary>
    private static void Fail(Draft draft, SlotWork slot, Item item, string what)
    {
        var policy = PolicyOf(draft);
        if (policy.Condition == RestartCondition.Never)
        {
            GiveUp(draft, slot, $"ended ({what}); its restart policy is never");
            return;
        }

        var failures = After(slot.Record!.Failures, policy, item, what, draft.Now);
        var isTooOften = policy.Attempts > 0 && failures.Count >= policy.Attempts;
        var window = Durations.Format(Rounded(draft.Now - failures.Since));
        var often = failures.Count == 1 ? "once" : $"{failures.Count} times in {window}";
        var ended = isTooOften ? $"failed {often}: {what}, last on {failures.Worker}" : null;
        draft.SetSlot(slot, slot.Record with { Failures = failures, Ended = ended });
    }

    private static void GiveUp(Draft draft, SlotWork slot, string why) => draft.SetSlot(slot, slot.Record! with { Ended = why });

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
