namespace Orchestrator.Mutation;

/// <summary>The mistakes that the tests of the core must notice.</summary>
internal static class Mutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        // Placement: rules
        new("Placement/Placer.cs", "seen.Present >= most", "seen.Present > most"),
        new("Placement/Placer.cs", "worker.Health != WorkerHealth.Ready", "worker.Health == WorkerHealth.Lost"),
        new("Placement/Placer.cs", "if (worker.Draining) return Rule.Draining;", ""),
        new("Placement/Placer.cs", "if (exclusion.Worker == worker.Name) return Rule.Excluded;", ""),
        new("Placement/Placer.cs", "if (!constraint.Holds(worker)) return Rule.Constraint;", ""),
        new("Placement/Placer.cs", "it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu > it.Capacity.Cpu + 1e-9", "it.Load.Reserved.Cpu + request.Reserve.Cpu > it.Capacity.Cpu + 1e-9"),
        new("Placement/Placer.cs", "it.Load.Reserved.Memory.Bytes + seen.Memory + request.Reserve.Memory.Bytes > it.Capacity.Memory.Bytes", "seen.Memory + request.Reserve.Memory.Bytes > it.Capacity.Memory.Bytes"),
        new("Placement/Placer.cs", "if (seen.Ports?.Contains(host) == true) return host;", ""),
        new("Placement/Placer.cs", "worker.HostPorts.AsSpan().Contains(host) && seen.Freed?.Contains(host) != true", "worker.HostPorts.AsSpan().Contains(host)"),
        new("Placement/Placer.cs", "worker == avoid || RefusalOfRoom(worker, perWorker: true) != Rule.None", "RefusalOfRoom(worker, perWorker: true) != Rule.None", "The worker that is left is never the best one: a draining or unfit one is not eligible, and a move is made only when another is better by far."),
        // Placement: ranking
        new("Placement/Placer.cs", "Score.PerInstance * seen.Here", "0"),
        new("Placement/Placer.cs", "Score.PerLoad * step", "0"),
        new("Placement/Placer.cs", "-Score.PerFullness * FullnessOf(fleet.Workers[worker], seen)", "Score.PerFullness * FullnessOf(fleet.Workers[worker], seen)"),
        new("Placement/Placer.cs", "hasImage ? Score.Image : 0", "0"),
        new("Placement/Placer.cs", "Score.PerFailure * seen.Failing", "0"),
        new("Placement/Placer.cs", "preferred[i] += weight;", "preferred[i] -= weight;"),
        new("Placement/Placer.cs", "a.Instances - b.Instances", "b.Instances - a.Instances"),
        new("Placement/Placer.cs", "ties[worker] < ties[other]", "ties[worker] > ties[other]", "Which of two workers that are as good as each other is taken does not matter as long as it is always the same."),
        new("Placement/Placer.cs", "choice.Found ? choice : FirstThatFits(workers, start, stride, avoid)", "choice"),
        new("Placement/Placer.cs", "Math.Max(worker.Load.Cpu, worker.Load.Memory)", "worker.Load.Cpu"),
        new("Placement/Fleet.cs", "if (!leaving) tally.Here++;", "tally.Here++;"),
        new("Placement/Fleet.cs", "tally.OnTheWay++;", ""),
        new("Placement/Fleet.cs", "if (!IsOrdered(Workers)) Array.Sort(Workers, (a, b) => string.CompareOrdinal(a.Name, b.Name));", ""),
        new("Placement/Constraint.cs", "value != Values[0]", "value == Values[0]"),

        // Reconciliation: what has ended
        new("Reconciliation/Endings.cs", "report.ExitCode == 0", "report.ExitCode != 0"),
        new("Reconciliation/Endings.cs", "failures.Count >= policy.Attempts", "failures.Count > policy.Attempts"),
        new("Reconciliation/Endings.cs", "if (ranWell) before = null;", ""),
        new("Reconciliation/Endings.cs", "inARow <= 1", "inARow <= 0"),
        new("Reconciliation/Endings.cs", "Math.Pow(2, Math.Min(inARow - 2, 40))", "1"),
        new("Reconciliation/Endings.cs", "Math.Min(policy.MaxDelay.TotalMilliseconds, Math.Floor(doubled * jitter))", "Math.Floor(doubled * jitter)"),

        // Reconciliation: what nobody decided
        new("Reconciliation/Strays.cs", "record.Revision == name.Revision", "true"),
        new("Reconciliation/Strays.cs", "!turn.Record.Withdrawn", "true", "A withdrawn service has no slots by the time, and none can want the instance; the words save the search."),
        new("Reconciliation/Strays.cs", "if (name.Attempt > slot.Record!.Attempt) turn.SetSlot(slot, slot.Record with { Attempt = name.Attempt });", "", "A slot remembers the highest attempt it ever used and enters a revision above all that were used in it; an adopted name is never above."),

        // Reconciliation: how many
        new("Reconciliation/SlotCount.cs", "s.HasReady || s.HasUnheard", "true"),
        new("Reconciliation/SlotCount.cs", "turn.LeaveRevision(slot.Record!);", ""),

        // Reconciliation: what each slot needs
        new("Reconciliation/SlotDecisions.cs", "item.Standing == Standing.Unheard || !MayStart(turn, slot)", "!MayStart(turn, slot)"),
        new("Reconciliation/SlotDecisions.cs", "!update && !budget.Allows(startFirst)", "false"),
        new("Reconciliation/SlotDecisions.cs", "startFirst ? moving : Math.Max(moving, unavailable)", "moving"),
        new("Reconciliation/SlotDecisions.cs", "record.Attempt + 1", "record.Attempt"),
        new("Reconciliation/SlotDecisions.cs", "latest.IsReady && !Rollouts.IsWatching(turn, slot)", "!Rollouts.IsWatching(turn, slot)"),
        new("Reconciliation/SlotDecisions.cs", "predecessor.IsReady || !latest.IsReady && latest.Standing != Standing.Unheard", "true"),
        new("Reconciliation/SlotDecisions.cs", "update ? null : item.Record.Worker", "null", "The worker that is left is draining or unfit, so it is not eligible anyway."),

        // Reconciliation: rollouts
        new("Reconciliation/Rollouts.cs", "turn.Now + turn.Spec.Update.Monitor", "turn.Now"),
        new("Reconciliation/Rollouts.cs", "(double)rollout.Failed / Math.Max(1, turn.WantedSlots) <= policy.MaxFailureRatio", "(double)rollout.Failed / Math.Max(1, turn.WantedSlots) < policy.MaxFailureRatio"),
        new("Reconciliation/Rollouts.cs", "rollout.Undoing || policy.OnFailure == FailureAction.Continue", "policy.OnFailure == FailureAction.Continue"),
        new("Reconciliation/Rollouts.cs", "SpecChange.WithContainerOf(turn.Spec, good.Spec)", "turn.Spec"),
        new("Reconciliation/Rollouts.cs", "rollout.Paused is not null || rollout.Batch.Count > 0", "rollout.Batch.Count > 0"),
        new("Reconciliation/Rollouts.cs", "!s.HasReady || s.IsSwapping || surge-- > 0", "true"),
        new("Reconciliation/Rollouts.cs", "if (turn.Slots.Any(s => s.Record is not null && s.HasUnheard)) return rollout;", ""),
        new("Reconciliation/Rollouts.cs", "if (rollout.Paused is null) KeepWhatIsRight(turn, rollout);", ""),
        new("Reconciliation/Rollouts.cs", "emptied && turn.Spec.Update.Delay > TimeSpan.Zero && !rollout.Undoing", "false"),

        // Reconciliation: moves, orders, observations
        new("Reconciliation/Rebalancing.cs", "gain < WorthAMove", "gain < 0"),
        new("Reconciliation/OrdersDue.cs", "item.Standing != Standing.Stopping", "item.Standing == Standing.Stopping"),
        new("Reconciliation/Turn.cs", "instance.Epoch == Record.Epoch || situation.Observed.HasHeard(instance.Worker)", "true"),
        new("Reconciliation/Turn.cs", "item.Seen is null || item.Record.DecidedAt + Beat > Fleet.Workers[worker].ReportedAt", "item.Seen is null"),
        new("Reconciliation/Turn.cs", "seen is not null && seen.Worker != instance.Worker", "false"),
        new("Reconciliation/Turn.cs", "Now - since >= UnlistedWorker", "false"),
        new("Reconciliation/Observations.cs", "report.Complete && report.Sequence <= lastComplete", "false"),
        new("Reconciliation/Observations.cs", "if (report.Sequence <= known.Sequence) continue;", ""),
        new("Reconciliation/Observations.cs", "if (known is not null && report.Sequence <= known.Sequence) return;", ""),
        new("Reconciliation/Observations.cs", "if (known is not null && known.Worker != report.Worker) return;", ""),

        // What a wish changes
        new("Services/ServiceChanges.cs", "refused.Answer.Refusal is null or Refusal.StaleEpoch || observed.TryFind(refused.Instance, out _)", "refused.Answer.Refusal is null or Refusal.StaleEpoch"),
        new("Services/ServiceChanges.cs", "new Exclusion(refused.Worker, now + RefusalLasts, why)", "new Exclusion(refused.Worker, now, why)"),
    ];
}
