using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// The runs of a job that go on. Each has slots of its own, one for each time that the work is to be done, and lets go of them when it has
/// ended: a slot that has completed is in no run again.
/// </summary>
internal static class JobRuns
{
    /// <summary>Ends the runs that have completed, failed, or taken too long.</summary>
    public static void Judge(Draft draft)
    {
        if (draft.Record is not { Withdrawn: false, Job: { } job }) return;
        foreach (var run in job.Open.ToList())
        {
            var slots = SlotsOf(draft, run.Number);
            var completed = slots.Count(slot => slot.Record!.IsFinished);
            if (completed == run.Completions) End(draft, run, slots, RunState.Completed, null);
            else if (slots.Find(slot => slot.Record is { IsFinished: false, Ended: not null }) is { } failed)
                End(draft, run, slots, RunState.Failed, $"slot {failed.Number} {failed.Record!.Ended}");
            else if (draft.Spec.Job.Deadline is { } deadline && IsLate(draft, run.StartedAt + deadline, slots))
                End(draft, run, slots, RunState.Failed, $"not done within its deadline of {Durations.Format(deadline)}");
        }

        LetGo(draft);
    }

    /// <summary>Each run has as many slots as it began with; the lowest numbers that are free.</summary>
    public static void TakeSlots(Draft draft)
    {
        var number = 1;
        foreach (var run in draft.Record.Job!.Open)
        {
            for (var missing = run.Completions - SlotsOf(draft, run.Number).Count; missing > 0; missing--)
            {
                while (draft.Slots.Find(number) is { IsWanted: true }) number++;
                draft.EnterRun(draft.Slots.FindOrAdd(number), run);
            }
        }
    }

    /// <summary>
    /// Begins what may begin now. What works is left to its end, wherever it is: to begin elsewhere would be to begin anew.
    /// </summary>
    public static void Decide(Draft draft, JobRecord job)
    {
        var most = draft.Spec.Job.AtATime();
        foreach (var run in job.Open)
        {
            var slots = SlotsOf(draft, run.Number);
            var live = LiveIn(draft, slots);
            foreach (var slot in slots)
            {
                if (slot.Record!.IsFinished) continue;
                if (slot.Latest is { } item) KeepOrEnd(draft, slot, item);
                else if (IsHeldBack(draft, slot) || live < most)
                {
                    SlotDecisions.Fill(draft, slot);
                    if (slot.Latest is not null) live++;
                }
                else draft.WaitForTurn(slot.Number, $"waits for its turn: at most {most} of run {run.Number} at a time");
            }
        }
    }

    /// <summary>Whether the run of a slot may have one instance more; true in anything but a job.</summary>
    public static bool HasRoomFor(Draft draft, SlotRecord slot) =>
        slot.Run == 0 || LiveIn(draft, SlotsOf(draft, slot.Run)) < draft.Spec.Job.AtATime();

    /// <summary>What has ended, or was lost with its worker, is remembered with how it ended.</summary>
    public static void Remember(Draft draft, Item item)
    {
        if (draft.Record.Job is not { } job) return;
        var report = item.Standing == Standing.Lost ? null : item.Seen?.Report;
        var ended = new EndedInstance
        {
            Name = item.Record.Name,
            Slot = item.Record.Slot,
            Run = item.Record.RunNumber,
            Worker = item.Record.Worker,
            ExitCode = report?.ExitCode,
            Cause = report?.Cause,
            StartedAt = item.Seen?.Report.StartedAt,
            EndedAt = report?.EndedAt ?? draft.Now,
            Message = report is null ? $"{item.Record.Worker} was lost" : Endings.Short(report.Message),
        };
        var kept = job.Ended.Append(ended).TakeLast(draft.Spec.Job.Kept()).ToValueList();
        draft.Change(draft.Record with { Job = job with { Ended = kept } });
    }

    /// <summary>What it wrote last may be told with its end or after it, before its worker is told to forget it.</summary>
    public static void AddLastWords(Draft draft, InstanceReport report)
    {
        if (report.LastLines is not { Count: > 0 } lines || draft.Record.Job is not { } job) return;
        if (job.Ended.FirstOrDefault(it => it.Name == report.Instance) is not { LastLines.Count: 0 } ended) return;
        var told = ended with { LastLines = lines, Message = Endings.Short(report.Message) };
        draft.Change(draft.Record with { Job = job with { Ended = job.Ended.Select(it => it == ended ? told : it).ToValueList() } });
    }

    /// <summary>A run that somebody has ended keeps no slots.</summary>
    private static void LetGo(Draft draft)
    {
        var open = draft.Record.Job!.Open.Select(run => run.Number).ToHashSet();
        foreach (var slot in draft.Slots)
        {
            if (slot.Record is { } record && !open.Contains(record.Run)) draft.Drop(slot, $"run {record.Run} was ended");
        }
    }

    private static List<SlotWork> SlotsOf(Draft draft, int run)
    {
        List<SlotWork> slots = [];
        foreach (var slot in draft.Slots)
        {
            if (slot.Record?.Run == run) slots.Add(slot);
        }

        return slots;
    }

    /// <summary>Slots in which something lives, also what is only to end.</summary>
    private static int LiveIn(Draft draft, List<SlotWork> slots) =>
        slots.Count(slot => slot.Items is not [] || draft.LingeringIn(slot.Number) is not null);

    /// <summary>It would not begin now if it were its turn, and says why.</summary>
    private static bool IsHeldBack(Draft draft, SlotWork slot) =>
        slot.Items is not [] || draft.LingeringIn(slot.Number) is not null || SlotDecisions.IsPausing(slot, draft.Now);

    private static void KeepOrEnd(Draft draft, SlotWork slot, Item item)
    {
        var revision = slot.Record!.Revision;
        if (draft.IsForeign(revision, item.Seen))
            draft.Stop(item, $"{item.Record.Name} was made from something else than revision {revision}");
    }

    /// <summary>What has not been heard since a master took over may have completed in time.</summary>
    private static bool IsLate(Draft draft, DateTimeOffset until, List<SlotWork> slots) =>
        draft.HasCome(until) && !slots.Exists(slot => slot.HasUnheard);

    private static void End(Draft draft, JobRun run, List<SlotWork> slots, RunState state, string? reason)
    {
        var ended = run with
        {
            State = state, Reason = reason, EndedAt = draft.Now, Completed = slots.Count(slot => slot.Record!.IsFinished),
        };
        draft.Change(draft.Record with { Job = draft.Record.Job!.With(ended) });
        var what = $"run {run.Number} {(state == RunState.Completed ? "completed" : "has failed")}";
        foreach (var slot in slots) draft.Drop(slot, what);
        var why = reason is null ? "" : $": {reason}";
        var after = Durations.Format(TimeSpan.FromSeconds(Math.Round((draft.Now - run.StartedAt).TotalSeconds)));
        draft.Tell(HistoryKind.Job, $"{what}, {ended.Completed}/{run.Completions} after {after}{why}", revision: run.Revision);
    }
}
