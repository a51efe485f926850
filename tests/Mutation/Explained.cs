namespace Orchestrator.Mutation;

/// <summary>Why no test can notice a change: it is the same, or the difference does not matter to anybody.</summary>
/// <param name="File">Below src/ControlPlane.</param>
/// <param name="Original">As the report shows it, its white space made single spaces; every place in the file that reads so is meant.</param>
/// <param name="Changed">Likewise; <c>*</c> means whatever stands there instead.</param>
internal sealed record Explained(string File, string Original, string Changed, string Why)
{
    private const string EitherOfTwo = "Which of two workers that are as good as each other is taken does not matter, as long as it is always the same.";

    public static IReadOnlyList<Explained> All { get; } =
    [
        new("Placement/Fleet.cs", "string.CompareOrdinal(workers[i - 1].Name, workers[i].Name) > 0", "string.CompareOrdinal(workers[i - 1].Name, workers[i].Name) >= 0", "Names are given once."),
        new("Placement/Fleet.cs", "true", "false", "What is in order already is put in order again; it only saves time."),
        new("Placement/Names.cs", "hash >> 15", "hash >>> 15", "The number has no sign."),
        new("Placement/Placer.cs", "n < workers.Length", "n <= workers.Length", "The first of them is looked at once more."),
        new("Placement/Placer.Words.cs", "request.Exclusions.First", "request.Exclusions.FirstOrDefault", "It is asked only where there is one."),
        new("Placement/Placer.Words.cs", "Math.Max(0, bytes) >> 20", "Math.Max(0, bytes) >>> 20", "The number has no sign."),
        new("Placement/PlacementRequest.cs", "-1", "+1", "Nobody asks for the second best where there is no best."),
        new("Placement/Placer.cs", "score.Total < than.Total", "score.Total <= than.Total", "The totals differ there."),
        new("Placement/Placer.cs", "ties[worker] != ties[other] ? ties[worker] < ties[other] : worker < other", "*", EitherOfTwo),
        new("Placement/Placer.cs", "ties[worker] < ties[other]", "*", EitherOfTwo),
        new("Placement/Placer.cs", "worker < other", "*", EitherOfTwo),
        new("Placement/Placer.Words.cs", "constraints.First", "constraints.FirstOrDefault", "It is asked only where one does not hold."),
        new("Reconciliation/SlotCount.cs", "surplus > 0", "surplus >= 0", "Dropping none changes nothing."),
        new("Reconciliation/SlotCount.cs", "surplus < 0", "surplus <= 0", "Adding none changes nothing."),
        new("Records/Observations.cs", "instances ?? from.instances", "from.instances", "No report names an instance that is there twice."),
        new("Reconciliation/Reconciler.cs", "pass++", "pass--", "The bound on passes is there for what must never happen."),
        new("Reconciliation/Rebalancing.cs", "gain < WorthAMove", "gain <= WorthAMove", "A gain of exactly as much may be taken or left."),
        new("Reconciliation/Rebalancing.cs", "last + AutomaticPause > draft.Now", "last + AutomaticPause >= draft.Now", "A moment."),
        new("Reconciliation/Room.cs", "seen.Report.StartedAt < ReportedAt(worker)", "seen.Report.StartedAt <= ReportedAt(worker)", "A moment."),
        new("Reconciliation/Room.cs", "seen.Report.EndedAt > ReportedAt(worker)", "seen.Report.EndedAt >= ReportedAt(worker)", "A moment."),
        new("Reconciliation/Draft.cs", "leftAttempts.GetValueOrDefault(slot.Revision) < slot.Attempt", "leftAttempts.GetValueOrDefault(slot.Revision) <= slot.Attempt", "The same number is remembered again."),
        new("Reconciliation/Draft.cs", "at < lookAgainAt", "at <= lookAgainAt", "The same time is remembered again."),
        new("Reconciliation/Draft.cs", "Record.Exclusions.Count == 0 ? [] : Record.Exclusions.Where(e => e.Until > Now).ToValueList()", "(false?[] :Record.Exclusions.Where(e => e.Until > Now).ToValueList())", "Only saves time."),
        new("Reconciliation/Draft.cs", "e.Until > Now", "e.Until >= Now", "A moment."),
        new("Reconciliation/Strays.cs", "draft.Observed.Count - draft.Observed.Gone", "draft.Observed.Count + draft.Observed.Gone", "The count only saves the search."),
        new("Reconciliation/Strays.cs", "matched++;", ";", "The count only saves the search."),
        new("Reconciliation/Strays.cs", "matched++", "matched--", "The count only saves the search."),
        new("Reconciliation/Strays.cs", "name.Attempt > slot.Record!.Attempt", "name.Attempt >= slot.Record!.Attempt", "The same number is remembered again."),
        new("Reconciliation/Strays.cs", "false", "true", "Gone and not matched: the count only saves the search."),
        new("Reconciliation/Rollouts.cs", "batch.Count == 0 && draft.Spec.Update.Delay > TimeSpan.Zero", "batch.Count == 0 || draft.Spec.Update.Delay > TimeSpan.Zero", "The time is asked for only once the batch is empty, and then it is set again; a pause of nothing is over."),
        new("Reconciliation/Rollouts.cs", "draft.Spec.Update.Delay > TimeSpan.Zero", "draft.Spec.Update.Delay >= TimeSpan.Zero", "A pause of nothing is over."),
        new("Reconciliation/Rollouts.cs", "next > draft.Now", "next >= draft.Now", "A moment: a pause that ends now is over at the next look, which is at once."),
        new("Reconciliation/Rollouts.cs", "watched.Until > draft.Now", "watched.Until >= draft.Now", "A moment: one more look at once."),
        new("Reconciliation/SlotDecisions.cs", "false", "true", "Whether a move without a place to go counts in its turn: where one slot finds no room no other does."),
        new("Reconciliation/SlotDecisions.cs", "leaving is null ? -1 : draft.Fleet.IndexOf(leaving)", "(true?-1 :draft.Fleet.IndexOf(leaving))", "The worker that is left is draining or unfit, and that is said of it first."),
        new("Placement/Constraint.cs", "AtEnd ? text.Length : Position", "(false?text.Length :Position)", "Either way the position is the end of the text by then."),
        new("Placement/Names.cs", "hash >> 13", "hash >>> 13", "The number has no sign."),
        new("Placement/Placer.Rules.cs", "it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu > it.Capacity.Cpu + 1e-9", "it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu >= it.Capacity.Cpu + 1e-9", "A billionth of a CPU."),
        new("Reconciliation/Item.cs", "return;", ";", "Nothing is in a slot twice."),
        new("Records/Observations.cs", "instances.Count > 0", "instances.Count >= 0", "There is nothing to look through."),
        new("Records/Observations.cs", "known.Worker == report.Worker && !named.Contains(name)", "known.Worker == report.Worker || !named.Contains(name)", "What another worker told, and what this report itself tells, is left alone there as well."),
        new("Records/Observations.cs", "complete ??= new(from.complete, StringComparer.Ordinal)", "complete = new(from.complete, StringComparer.Ordinal)", "It is called once."),
        new("Reconciliation/Reconciler.cs", "pass < MostPasses && !ReferenceEquals(plan.Record, situation.Record)", "pass < MostPasses || !ReferenceEquals(plan.Record, situation.Record)", "Further passes over a decided record decide nothing."),
        new("Reconciliation/Reconciler.cs", "pass < MostPasses", "pass <= MostPasses", "The bound on passes is there for what must never happen."),
        new("Reconciliation/Rollouts.cs", "started > decided", "started >= decided", "Both are the same time."),
        new("Reconciliation/Rollouts.cs", "started <= draft.Now", "started < draft.Now", "A moment: one more look, no earlier end."),
        new("Reconciliation/Room.cs", "placers.Add(revision, placer);", ";", "Only saves time."),
        new("Reconciliation/SlotDecisions.cs", "draft.Spec.Placement.Constraints.Count > 0", "draft.Spec.Placement.Constraints.Count >= 0", "Without constraints every worker suits."),
        new("Reconciliation/SlotDecisions.cs", "Start(draft, slot, leaving: null, why) && retries", "Start(draft, slot, leaving: null, why) || retries", "Counted too often within one pass; the next pass counts anew, and where one slot finds no room no other does."),
        new("Reconciliation/Draft.cs", "true", "false", "Whoever adds a slot sets it next, which is told there."),
        new("Reconciliation/Draft.cs", "slots[middle].Number < number", "slots[middle].Number <= number", "They differ there."),
        new("Reconciliation/Draft.cs", "instance.DecidedAt > situation.Since", "instance.DecidedAt >= situation.Since", "Both are the same time."),
        new("Reconciliation/Draft.cs", "Now - since >= UnlistedWorker", "Now - since > UnlistedWorker", "A moment."),
    ];

    public static Explained? Find(Mutant mutant) =>
        All.FirstOrDefault(e => e.File == mutant.File && e.Original == mutant.Original && (e.Changed == "*" || e.Changed == mutant.Changed));
}
