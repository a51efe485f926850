namespace Orchestrator.Mutation;

/// <summary>Why no test can notice a change: it is the same, or the difference does not matter to anybody.</summary>
/// <param name="File">Below src/ControlPlane.</param>
/// <param name="Original">As the report shows it, its white space made single spaces; every place in the file that reads so is
/// meant.</param>
/// <param name="Changed">Likewise; <c>*</c> means whatever stands there instead.</param>
internal sealed record Explained(string File, string Original, string Changed, string Why)
{
    private const string EitherOfTwo = "Which of two that are as good as each other is taken does not matter, as long as it is always the same.";

    private const string NoOtherRoom = "Where nothing finds room beside it, no other finds any in the same turn.";

    public static IReadOnlyList<Explained> All { get; } =
    [
        new(
            "Placement/Fleet.cs",
            "string.CompareOrdinal(workers[i - 1].Name, workers[i].Name) > 0",
            "string.CompareOrdinal(workers[i - 1].Name, workers[i].Name) >= 0",
            "Names are given once."),
        new("Placement/Fleet.cs", "true", "false", "What is in order already is put in order again; it only saves time."),
        new("Placement/Names.cs", "hash >> 15", "hash >>> 15", "The number has no sign."),
        new("Placement/Placer.cs", "n < workers.Length", "n <= workers.Length", "The first of them is looked at once more."),
        new(
            "Placement/Placer.Words.cs", "request.Exclusions.First", "request.Exclusions.FirstOrDefault",
            "It is asked only where there is one."),
        new("Placement/Placer.Words.cs", "Math.Max(0, bytes) >> 20", "Math.Max(0, bytes) >>> 20", "The number has no sign."),
        new("Placement/PlacementRequest.cs", "-1", "+1", "Nobody asks for the second best where there is no best."),
        new("Placement/Placer.cs", "score.Total < than.Total", "score.Total <= than.Total", "The totals differ there."),
        new("Placement/Placer.cs", "ties[worker] != ties[other] ? ties[worker] < ties[other] : worker < other", "*", EitherOfTwo),
        new("Placement/Placer.cs", "ties[worker] < ties[other]", "*", EitherOfTwo),
        new("Placement/Placer.cs", "worker < other", "*", EitherOfTwo),
        new("Placement/Placer.Words.cs", "constraints.First", "constraints.FirstOrDefault", "It is asked only where one does not hold."),
        new("Reconciliation/SlotCount.cs", "surplus > 0", "surplus >= 0", "Dropping none changes nothing."),
        new("Reconciliation/SlotCount.cs", "surplus < 0", "surplus <= 0", "Adding none changes nothing."),
        new("Reconciliation/EvenSpread.cs", "gain < WorthAMove", "gain <= WorthAMove", "A gain of exactly as much may be taken or left."),
        new(
            "Reconciliation/Room.cs",
            "seen.Report.StartedAt < ReportedAt(draft, worker)", "seen.Report.StartedAt <= ReportedAt(draft, worker)",
            "A moment."),
        new(
            "Reconciliation/Room.cs", "seen.Report.EndedAt > ReportedAt(draft, worker)", "seen.Report.EndedAt >= ReportedAt(draft, worker)",
            "A moment."),
        new(
            "Reconciliation/UsedAttempts.cs",
            "left.GetValueOrDefault(slot.Revision) < slot.Attempt", "left.GetValueOrDefault(slot.Revision) <= slot.Attempt",
            "The same number is remembered again."),
        new("Reconciliation/Waits.cs", "at < LookAgainAt", "at <= LookAgainAt", "The same time is remembered again."),
        new(
            "Reconciliation/Draft.cs",
            "Record.Exclusions.Count == 0 ? [] : Record.Exclusions.Where(e => e.Until > Now).ToValueList()",
            "(false?[] :Record.Exclusions.Where(e => e.Until > Now).ToValueList())",
            "Only saves time."),
        new(
            "Reconciliation/Strays.cs", "draft.Observed.Count - draft.Observed.Gone", "draft.Observed.Count + draft.Observed.Gone",
            "The count only saves the search."),
        new(
            "Reconciliation/Strays.cs", "name.Attempt > slot.Record!.Attempt", "name.Attempt >= slot.Record!.Attempt",
            "The same number is remembered again."),
        new("Reconciliation/Strays.cs", "false", "true", "Gone and not matched: the count only saves the search."),
        new(
            "Reconciliation/NewInstance.cs",
            "leaving is null ? -1 : draft.Fleet.IndexOf(leaving)", "(true?-1 :draft.Fleet.IndexOf(leaving))",
            "The worker that is left is draining or unfit, and that is said of it first."),
        new(
            "Placement/Constraint.cs", "AtEnd ? text.Length : Position", "(false?text.Length :Position)",
            "Either way the position is the end of the text by then."),
        new("Placement/Names.cs", "hash >> 13", "hash >>> 13", "The number has no sign."),
        new(
            "Placement/Placer.Rules.cs",
            "it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu > it.Capacity.Cpu + 1e-9",
            "it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu >= it.Capacity.Cpu + 1e-9",
            "A billionth of a CPU."),
        new(
            "Records/Observations.cs",
            "known.Worker == report.Worker && !named.Contains(name)", "known.Worker == report.Worker || !named.Contains(name)",
            "What another worker told, and what this report itself tells, is left alone there as well."),
        new(
            "Reconciliation/Deadlines.cs", "progress > draft.Since", "progress >= draft.Since", "Both are the same time."),
        new(
            "Reconciliation/Draft.cs", "true", "false",
            "A slot that takes up a revision is remembered in the rollout as well, and that is a change."),
        new("Reconciliation/Proof.cs", "started > decided", "started >= decided", "Both are the same time."),
        new("Reconciliation/Proof.cs", "at < first", "at <= first", "Both are the same time."),
        new(
            "Reconciliation/Room.cs",
            "draft.Now - failures.Last < Endings.AvoidFailingWorker", "draft.Now - failures.Last <= Endings.AvoidFailingWorker",
            "A moment."),
        new("Placement/Placer.Rules.cs", "request.HostPorts.Count > 0", "request.HostPorts.Count >= 0", "There is none to look for."),
        new(
            "Placement/Placer.cs", "rule == Rule.None ? \"\" : Words(rule, worker)", "(false?\"\" :Words(rule, worker))",
            "Nobody reads why it can be there."),
        new(
            "Placement/Placer.cs", "leaving is null ? -1 : fleet.IndexOf(leaving)", "(true?-1 :fleet.IndexOf(leaving))",
            "What has to leave a worker is refused there by the rule that makes it leave; what would gain is better off elsewhere."),
        new("Placement/Placer.cs", "a.Worker == b.Worker ? 0 : 1", "(false?0 :1)", "No worker is in the list twice."),
        new(
            "Reconciliation/NewInstance.cs", "elsewhere ? predecessor.Record.Worker : null", "(false?predecessor.Record.Worker :null)",
            "What has to leave a worker is refused there by the rule that makes it leave; what would gain is better off elsewhere."),
        new("Reconciliation/NewInstance.cs", "draft.Fleet.Stays(predecessor.WorkerIndex);", ";", NoOtherRoom),
        new("Reconciliation/NewInstance.cs", "predecessor.WorkerIndex >= 0", "predecessor.WorkerIndex > 0", NoOtherRoom),
        new(
            "Reconciliation/NewInstance.cs", "place?.Worker == at ? place : null", "(true?place :null)",
            "The slot is bound to the worker, and so is the place that its instance leaves."),
        new(
            "Reconciliation/EarlierLife.cs",
            "fitting.OrderByDescending(it => it.Seen.IsReady).ThenByDescending(it => it.Name.Attempt) .ThenBy", "*", EitherOfTwo),
        new(
            "Reconciliation/SlotCount.cs", "draft.Slots.Wanted > 0", "draft.Slots.Wanted >= 0",
            "A slot that has no instance yet takes up the new revision in the same turn."),
        new("Records/Exclusion.cs", "pause < LongestRefusal", "pause <= LongestRefusal", "Both are as long."),
        new("Records/Exclusion.cs", "Until > now", "Until >= now", "A moment."),
        new("Records/Exclusion.cs", "Until + LongestRefusal > now", "Until + LongestRefusal >= now", "A moment."),
        new("Reconciliation/Endings.cs", "item.Record.RunNumber > 0", "item.Record.RunNumber >= 0", "What is no job remembers no runs."),
        new("Reconciliation/Endings.cs", "at < draft.Now", "at <= draft.Now", "Both are the same time."),
        new("Reconciliation/Endings.cs", "leaving.Until <= draft.Now", "leaving.Until < draft.Now", "A moment."),
        new("Reconciliation/EvenSpread.cs", "true", "false", "The best place is another one by far, or nothing would be moved."),
        new("Reconciliation/EvenSpread.cs", "return;", ";", "The gain was found by the same rules: there is a place."),
        new(
            "Reconciliation/SlotDecisions.cs", "true", "false",
            "What has found no room in a turn finds none in the same turn; it only saves the search."),
        new("Reconciliation/Unreached.cs", "draft.LookAgain(due);", ";", "What is ordered again is looked at within a second."),
        new("Reconciliation/Unreached.cs", "true", "false", "In a slot that is not wanted nothing is to begin, and nothing is given up."),
        new(
            "Reconciliation/WorkerFailures.cs",
            "draft.Record.Exclusions.Where(e => e.IsFailure && e.Until > draft.Now).Select(e => e.Worker) .Append",
            "draft.Record.Exclusions.Where(e => e.IsFailure && e.Until > draft.Now).Select(e => e.Worker) .Prepend", "It is a set."),
        new("Reconciliation/WorkerFailures.cs", "e.Until > draft.Now", "e.Until >= draft.Now", "A moment."),
        new("Reconciliation/Slots.cs", "slots[middle].Number < number", "slots[middle].Number <= number", "They differ there."),
        new(
            "Reconciliation/Standings.cs", "instance.DecidedAt > situation.Since", "instance.DecidedAt >= situation.Since",
            "Both are the same time."),
        new("Reconciliation/Standings.cs", "situation.Now >= GivenUpAt(instance)", "situation.Now > GivenUpAt(instance)", "A moment."),
        new(
            "Reconciliation/UsedAttempts.cs", "attempts > revision.Attempts", "attempts >= revision.Attempts",
            "The same number is remembered again."),
        new("Reconciliation/Unsettled.cs", "plan.LookAgainAt < soon", "plan.LookAgainAt <= soon", "Both are the same time."),
    ];

    public static Explained? Find(Mutant mutant) =>
        All.FirstOrDefault(e => e.File == mutant.File && e.Original == mutant.Original
            && (e.Changed == "*" || e.Changed == mutant.Changed));
}
