using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Maintenance;

/// <summary>
/// How maintenance goes on: from the record and from how the workers are at a moment to the next record. Pure, and the same whoever asks,
/// however often.
/// </summary>
internal static class MaintenanceCourse
{
    public static MaintenanceRecord Next(MaintenanceRecord record, IReadOnlyDictionary<string, WorkerSight> seen, DateTimeOffset now)
    {
        var next = record;
        foreach (var it in record.Workers)
        {
            if (!seen.TryGetValue(it.Told.Worker, out var sight)) continue;
            next = GoOn(it, sight, now) is { } changed ? next.With(changed) : Over(next, it, now);
        }

        return next.Round is { State: MaintenanceRoundState.Running } round ? GoOn(next, round, now) : next;
    }

    /// <summary>Takes a worker out, or says why not; what is out already stays as it is.</summary>
    public static MaintenanceRecord TakeOut(
        MaintenanceRecord record, string worker, string who, string reason, TimeSpan deadline, DateTimeOffset now,
        bool isOfRound = false) =>
        record.Find(worker) is { Told.State: MaintenanceState.Draining or MaintenanceState.Ready } there
            ? isOfRound ? record.With(there with { Told = there.Told with { IsOfRound = true } }) : record
            : record.With(new(new()
            {
                Worker = worker, State = MaintenanceState.Draining, Since = now, At = now, Who = who, Reason = reason, Deadline = deadline,
                IsOfRound = isOfRound,
            }));

    public static MaintenanceRecord End(MaintenanceRecord record, OutOfService it, bool rebalances, DateTimeOffset now) =>
        record.With(it with
        {
            Rebalances = rebalances, Told = it.Told with { State = MaintenanceState.Ending, Since = now, Holds = [], Note = null },
        });

    /// <summary>None when it is over.</summary>
    private static OutOfService? GoOn(OutOfService it, WorkerSight sight, DateTimeOffset now)
    {
        var told = it.Told;
        switch (told.State)
        {
            case MaintenanceState.Draining when sight is { Draining: true, Holds.Count: 0 }:
                return it with
                {
                    Incarnation = sight.Incarnation, Told = told with { State = MaintenanceState.Ready, Since = now, Holds = [] },
                };
            case MaintenanceState.Draining:
                var holds = sight.Holds ?? told.Holds;
                return now - told.At < told.Deadline ? it with { Told = told with { Holds = holds } }
                    : Failed(it, $"it is not empty within {Durations.Format(told.Deadline)}: {Words(holds)}", holds, now);
            case MaintenanceState.Ready when told.IsOfRound && sight.IsThere && sight.Incarnation != it.Incarnation:
                return it with { Told = told with { State = MaintenanceState.Ending, Since = now } };
            case MaintenanceState.Ready when told.IsOfRound && now - told.Since >= told.Deadline:
                return Failed(it, $"it has not come back within {Durations.Format(told.Deadline)}", [], now);
            case MaintenanceState.Ending when !sight.Draining:
                return null;
            default:
                return it;
        }
    }

    private static MaintenanceRecord Over(MaintenanceRecord record, OutOfService it, DateTimeOffset now)
    {
        var without = record.Without(it.Told.Worker);
        return record.Round is not { State: MaintenanceRoundState.Running } round || !it.Told.IsOfRound ? without
            : without with { Round = round with { Done = [.. round.Done, it.Told.Worker] } };
    }

    private static OutOfService Failed(OutOfService it, string why, ValueList<string> holds, DateTimeOffset now) =>
        it with { Told = it.Told with { State = MaintenanceState.Failed, Since = now, Note = why, Holds = holds } };

    /// <summary>The next ones begin while too few are away, but none once one has failed.</summary>
    private static MaintenanceRecord GoOn(MaintenanceRecord record, MaintenanceRound round, DateTimeOffset now)
    {
        var mine = record.Workers.Where(it => it.Told.IsOfRound).ToList();
        if (mine.FirstOrDefault(it => it.Told.State == MaintenanceState.Failed) is { } failed)
        {
            return record with
            {
                Round = round with
                {
                    State = MaintenanceRoundState.Failed, EndedAt = now, Note = $"{failed.Told.Worker}: {failed.Told.Note}",
                },
            };
        }

        if (mine.Count == 0 && round.Waiting.Count == 0)
            return record with { Round = round with { State = MaintenanceRoundState.Done, EndedAt = now } };
        var next = round.Waiting.Take(Math.Max(0, round.AtATime - mine.Count)).ToList();
        return next.Aggregate(
            record with { Round = round with { Waiting = round.Waiting.Skip(next.Count).ToValueList() } },
            (taken, worker) => TakeOut(taken, worker, round.Who, round.Reason, round.Deadline, now, isOfRound: true));
    }

    private static string Words(ValueList<string> holds) => holds.Count == 0 ? "nobody could look" : string.Join("; ", holds.Take(5));
}
