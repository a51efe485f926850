using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What became of a wish: the record that holds it, or why it cannot be had.</summary>
internal sealed record ChangeResult
{
    public required ServiceOutcome Outcome { get; init; }

    /// <summary>The record to decide on and to save; that of before when the outcome is not <see cref="ServiceOutcome.Done"/>.</summary>
    public ServiceRecord? Record { get; init; }

    public ValueList<FieldProblem> Problems { get; init; } = [];

    /// <summary>What became of it, in words, where the record does not show it; none otherwise.</summary>
    public string? Note { get; init; }
}

/// <summary>Writes a wish into the record. What follows from it, the next reconcile decides.</summary>
internal static class ServiceChanges
{
    /// <param name="fresh">What is known of images, secrets and configs; none when nobody was asked.</param>
    public static ChangeResult Apply(
        ServiceRecord? record, string name, ServiceChange change, DateTimeOffset now, FreshContent? fresh = null)
    {
        fresh ??= new();
        if (change is CreateService create) return Create(record, name, create, now, fresh);
        if (change is RestoreService restore) return Restoring.Apply(record, name, restore, now, fresh);
        if (change is FollowStack follow) return Following.Apply(record, name, follow, now, fresh);
        if (record is null || record.Withdrawn) return Refuse(record, ServiceOutcome.Unknown, $"there is no service {name}");
        return change switch
        {
            UpdateService update => Update(record, update, now, fresh),
            // At once, and not only by the next turn: a creation that follows finds them ending and takes none of them over.
            WithdrawService => Done(record with
            {
                Withdrawn = true,
                Slots = [],
                Instances = record.Instances.Select(i => i.Intent == Intent.Stop ? i : i.Stop("the service was withdrawn", now))
                    .ToValueList(),
                Rollout = null,
                Rebalance = null,
                LastRollout = null,
                Pins = [],
                Job = null,
            }, Told(record, change, now, HistoryKind.Withdrawn, "withdrawn")),
            RollBack back => RollBack(record, back, now, fresh),
            RestartInstances { Pull: true } => TakeMoved(record, change, now, fresh),
            RestartInstances when record.Job is not null =>
                Refuse(record, ServiceOutcome.Conflict, "a job is not restarted; run begins it again"),
            RestartInstances => NewRevision(record, record.Spec, change, now, "restart of all instances", fresh with { Known = null }),
            // Whoever paused an update does not want another one in its place.
            TakeNewContent => record.Rollout?.Paused is null && fresh.Known is { } known && Pinning.News(record, known) is { } news
                ? NewRevision(record, record.Spec, change, now, news, fresh)
                : new ChangeResult { Outcome = ServiceOutcome.Done, Record = record },
            RunJob run => Ran(record, JobChanges.Run(record, run, now)),
            RunDue due => Ran(record, JobChanges.RunDue(record, due, now)),
            PauseRollout when record.Job is not null =>
                Told(record, JobChanges.Pause(record, change), change, now, "the schedule is paused"),
            ResumeRollout when record.Job is not null =>
                Told(record, JobChanges.Resume(record, now), change, now, "the schedule goes on"),
            PauseRollout => Pause(record, change, now),
            ResumeRollout => Resume(record, change, now),
            RebalanceInstances => Rebalance(record, change, now),
            ReleaseVolume release => Release(record, release, now),
            _ => throw new NotSupportedException($"{change.GetType().Name} is not a known change"),
        };
    }

    /// <summary>
    /// A worker refused to run an instance: it goes elsewhere, and that worker is left alone for a while. The same record when nothing
    /// follows from it.
    /// </summary>
    public static ServiceRecord WithRefusal(this ServiceRecord record, OrderRefused refused, Observations observed, DateTimeOffset now)
    {
        if (refused.Answer.Refusal is null or Refusal.StaleEpoch or Refusal.Unanswered) return record;
        // One that is only made ready is there, and its start may be refused all the same.
        var isPrepared = observed.Find(refused.Instance) is { Gone: false, Report.Phase: Phase.Prepared };
        if (!isPrepared && observed.TryFind(refused.Instance, out _)) return record;
        var at = -1;
        for (var i = 0; i < record.Instances.Count; i++)
        {
            var it = record.Instances[i];
            var isAsked = isPrepared ? it.Intent == Intent.Run : it.Intent != Intent.Stop;
            if (it.Name == refused.Instance && it.Worker == refused.Worker && isAsked) at = i;
        }

        if (at < 0) return record;
        var reason = refused.Answer.Reason.Length > 0 ? refused.Answer.Reason : refused.Answer.Refusal.ToString();
        var why = $"refused {refused.Instance}: {reason}";
        var kept = record.Exclusions.Where(e => e.IsKept(now)).ToList();
        var times = refused.Answer.Refusal != Refusal.Impossible ? 0
            : 1 + kept.Where(e => e.Worker == refused.Worker).Sum(e => e.Refusals);
        return record with
        {
            Instances = isPrepared ? record.Instances.Select((it, i) => i == at ? it.Stop(why, now) : it).ToValueList()
                : record.Instances.Where((_, i) => i != at).ToValueList(),
            Exclusions = [.. kept.Where(e => e.Worker != refused.Worker), Exclusion.Refused(refused.Worker, why, now, times)],
        };
    }

    private static ChangeResult Create(ServiceRecord? record, string name, CreateService create, DateTimeOffset now, FreshContent fresh)
    {
        if (ServiceNames.Problem(name) is { } problem) return Refuse(record, ServiceOutcome.Invalid, problem, "name");
        if (record is { Withdrawn: false }) return Refuse(record, ServiceOutcome.Exists, $"there is a service {name} already");
        var problems = Problems(create.Spec, fresh);
        if (problems.Count > 0) return new ChangeResult { Outcome = ServiceOutcome.Invalid, Record = record, Problems = problems };

        // A tombstone continues the numbers, so that no name of an instance is ever used twice.
        record ??= new ServiceRecord { Name = name, Epoch = 1, Revision = 0, LastRevision = 0, Spec = create.Spec };
        var number = record.LastRevision + 1;
        return Done(record with
        {
            Withdrawn = false,
            Spec = create.Spec,
            Revision = number,
            LastRevision = number,
            FirstRevision = number,
            Slots = [],
            Revisions = [.. Kept(record),
                new RevisionRecord
                {
                    Number = number, Spec = create.Spec, Who = create.Who, When = now, Why = create.Why.Length > 0 ? create.Why : "created",
                    Fingerprint = Fingerprint.Of(create.Spec.Container),
                    Content = Pinning.Of(create.Spec, before: null, fresh),
                }],
            Rollout = null,
            Rebalance = null,
            LastRollout = null,
            Exclusions = [],
            Pins = [],
            Job = JobChanges.Created(create.Spec, create, number, now),
        }, Told(record, create, now, HistoryKind.Created,
            $"created as revision {number}: {create.Spec.Container.Image}, {Wanted(create.Spec)}", number));
    }

    private static ValueList<FieldProblem> Problems(ServiceSpec spec, FreshContent fresh)
    {
        var problems = SpecValidation.Problems(spec);
        return problems.Count > 0 ? problems : Pinning.Missing(spec.Container, fresh.Known).ToValueList();
    }

    private static ChangeResult Update(ServiceRecord record, UpdateService update, DateTimeOffset now, FreshContent fresh)
    {
        var (spec, problems) = SpecFields.Merge(record.Spec, update.Fields);
        return problems.Count == 0 ? ChangeTo(record, spec, update, now, fresh)
            : new ChangeResult { Outcome = ServiceOutcome.Invalid, Record = record, Problems = problems };
    }

    /// <summary>A service that is there gets another wish.</summary>
    internal static ChangeResult ChangeTo(
        ServiceRecord record, ServiceSpec spec, ServiceChange update, DateTimeOffset now, FreshContent fresh)
    {
        var problems = Problems(spec, fresh);
        if (problems.Count == 0 && spec.Mode != record.Spec.Mode)
            problems = [new("mode", "cannot change; withdraw the service and create it anew")];
        if (problems.Count > 0) return new ChangeResult { Outcome = ServiceOutcome.Invalid, Record = record, Problems = problems };
        if (spec == record.Spec) return new ChangeResult { Outcome = ServiceOutcome.Done, Record = record };
        if (SpecChange.NeedsNewContainers(record.Spec, spec))
            return NewRevision(record, spec, update, now, $"change of {SpecChange.Words(record.Spec, spec)}", fresh);
        return Done(record.WithImageFound(fresh.Image) with
            {
                Spec = spec, Slots = TryAgain(record), Job = JobChanges.Rescheduled(record, spec, now),
            }, Told(record, update, now, HistoryKind.Changed, $"changed {SpecChange.Words(record.Spec, spec)}"));
    }

    /// <summary>A restart only if there is something new to run.</summary>
    private static ChangeResult TakeMoved(ServiceRecord record, ServiceChange change, DateTimeOffset now, FreshContent fresh)
    {
        var image = record.Spec.Container.Image;
        var current = record.FindRevision(record.Revision);
        var pinned = Pinning.Of(record.Spec, current, fresh, all: true);
        var moved = Pinning.Difference(image, current?.Content ?? new(), pinned);
        if (moved.Length > 0) return NewRevision(record, record.Spec, change, now, moved, fresh, pinned);
        if (fresh.Image is not { IsKnown: true })
        {
            return Refuse(record, ServiceOutcome.Conflict,
                $"whether {image} has moved cannot be told: {fresh.Image?.Problem ?? "no worker was asked"}; nothing was restarted");
        }

        var stays = pinned.Digest is { } digest ? $" and still is {ImageReference.Brief(digest)}" : "";
        return new ChangeResult
        {
            Outcome = ServiceOutcome.Done, Record = record, Note = $"{image} has not moved{stays}; nothing was restarted",
        };
    }

    private static ChangeResult NewRevision(
        ServiceRecord record, ServiceSpec spec, ServiceChange change, DateTimeOffset now, string what, FreshContent fresh,
        PinnedContent? pinned = null)
    {
        var number = record.LastRevision + 1;
        return Done(record with
        {
            Spec = spec,
            Revision = number,
            LastRevision = number,
            Revisions = [.. record.Revisions,
                new RevisionRecord
                {
                    Number = number, Spec = spec, Who = change.Who, When = now, Why = change.Why.Length > 0 ? change.Why : what,
                    Fingerprint = Fingerprint.Of(spec.Container),
                    Content = pinned ?? Pinning.Of(spec, record.FindRevision(record.Revision), fresh),
                }],
            Slots = TryAgain(record),
            Exclusions = record.Exclusions.Where(e => !e.EndsWithRevision).ToValueList(),
            Rollout = RolloutTo(record, number, now, back: false),
            Rebalance = null,
            LastRollout = null,
            Job = JobChanges.Rescheduled(record, spec, now),
        }, Told(record, change, now, HistoryKind.Revision, $"revision {number}: {what}", number)) with
        {
            Note = record.Job is null ? null : $"revision {number} counts from the next run on",
        };
    }

    private static ChangeResult RollBack(ServiceRecord record, RollBack change, DateTimeOffset now, FreshContent fresh)
    {
        var kept = record.Revisions.Where(r => r.Number >= record.FirstRevision).Select(r => r.Number).ToList();
        var number = change.Revision ?? kept.Where(r => r < record.Revision).DefaultIfEmpty(0).Max();
        if (number == 0) return Refuse(record, ServiceOutcome.Conflict, $"there is no revision before {record.Revision}");
        if (!kept.Contains(number) || record.FindRevision(number) is not { } revision)
            return Refuse(record, ServiceOutcome.Conflict, $"revision {number} is not kept; kept are {string.Join(", ", kept)}",
                "revision");
        if (number == record.Revision) return Refuse(record, ServiceOutcome.Conflict, $"revision {number} is in force already", "revision");
        if (Pinning.Gone(revision.Content, fresh.Known).FirstOrDefault() is { } gone)
            return Refuse(record, ServiceOutcome.Conflict, $"revision {number} cannot run: {gone}", "revision");
        var spec = record.Spec with { Container = revision.Spec.Container };
        var problems = SpecValidation.Problems(spec);
        if (problems.Count > 0) return new ChangeResult { Outcome = ServiceOutcome.Conflict, Record = record, Problems = problems };
        return Done(record with
        {
            Spec = spec,
            Revision = number,
            Slots = TryAgain(record),
            Exclusions = record.Exclusions.Where(e => !e.EndsWithRevision).ToValueList(),
            Rollout = RolloutTo(record, number, now, back: true),
            Rebalance = null,
            LastRollout = null,
        }, Told(record, change, now, HistoryKind.Revision, $"rolled back from revision {record.Revision} to {number}", number));
    }

    /// <summary>A change during a rollout takes its place; what it may return to stays the last revision that was good.</summary>
    private static RolloutRecord? RolloutTo(ServiceRecord record, int revision, DateTimeOffset now, bool back)
    {
        var before = record.Rollout is { Undoing: false } running ? running.From : record.Revision;
        // A job's run keeps its revision.
        return record.Job is null && record.Slots.Any(s => s.Revision != revision)
            ? new RolloutRecord
            {
                From = Proof.LastGood(record)?.Number ?? before, To = revision, StartedAt = now, ProgressAt = now, Back = back,
            }
            : null;
    }

    private static ChangeResult Pause(ServiceRecord record, ServiceChange change, DateTimeOffset now)
    {
        if (record.Rollout is not { } rollout) return Refuse(record, ServiceOutcome.Conflict, "no rollout is under way");
        if (rollout.Paused is not null) return new ChangeResult { Outcome = ServiceOutcome.Done, Record = record };
        var by = change.Who.Length > 0 ? $"by {change.Who}" : "on request";
        return Done(record with { Rollout = rollout with { Paused = change.Why.Length > 0 ? $"{by}: {change.Why}" : by } },
            Told(record, change, now, HistoryKind.Rollout, $"rollout of revision {rollout.To} paused", rollout.To));
    }

    private static ChangeResult Resume(ServiceRecord record, ServiceChange change, DateTimeOffset now)
    {
        if (record.Rollout is not { Paused: not null } rollout)
            return Refuse(
                record, ServiceOutcome.Conflict, record.Rollout is null ? "no rollout is under way" : "the rollout is not paused");
        return Done(record with { Rollout = rollout with { Paused = null, Failed = 0, NextBatchAt = null, ProgressAt = now },
            Slots = TryAgain(record) },
            Told(record, change, now, HistoryKind.Rollout, $"rollout of revision {rollout.To} resumed", rollout.To));
    }

    private static ChangeResult Rebalance(ServiceRecord record, ServiceChange change, DateTimeOffset now)
    {
        if (record.Spec.Mode == ServiceMode.Job)
            return Refuse(record, ServiceOutcome.Conflict, "what a job runs is left where it is to its end");
        if (record.Spec.Mode == ServiceMode.Global)
            return Refuse(record, ServiceOutcome.Conflict, "a global service runs once on each eligible worker; there is nothing to move");
        if (record.Rollout is not null)
            return Refuse(record, ServiceOutcome.Conflict, "a rollout is under way; rebalance when it has ended");
        return Done(record with { Rebalance = new RebalanceRecord(now) }, Told(record, change, now, HistoryKind.Move, "rebalancing began"));
    }

    private static ChangeResult Release(ServiceRecord record, ReleaseVolume change, DateTimeOffset now)
    {
        var released = record.Pins.Where(pin => !pin.Released && (change.Slot is null || pin.Slot == change.Slot)).ToList();
        var whose = change.Slot is { } slot ? $"slot {slot} is" : "no slot is";
        if (released.Count == 0)
        {
            var kept = change.Slot is null ? "kept" : "not kept";
            return Refuse(record, ServiceOutcome.Conflict, $"{whose} {kept} anywhere by a volume", "slot");
        }

        var words = string.Join(", ", released.Select(pin => $"slot {pin.Slot} on {pin.Worker}"));
        var pins = record.Pins.Select(pin => released.Contains(pin) ? pin with { Released = true } : pin);
        return Done(record with { Pins = pins.ToValueList() },
            Told(record, change, now, HistoryKind.Changed, $"let go of the volume of {words}"));
    }

    /// <summary>
    /// Something changed: slots that had given up are tried again, and pauses end; what has done its work is done. A job's run counts on.
    /// </summary>
    private static ValueList<SlotRecord> TryAgain(ServiceRecord record) =>
        record is { Job: null, Slots: var slots } && slots.Any(s => s is { IsFinished: false, Ended: not null } || s.Failures is not null)
            ? slots.Select(s => s.IsFinished ? s : s with { Ended = null, Failures = null }).ToValueList() : record.Slots;

    private static IEnumerable<RevisionRecord> Kept(ServiceRecord record)
    {
        // Of an earlier life only what its last instances run is kept.
        var used = record.Instances.Select(i => i.Revision).ToHashSet();
        return record.Revisions.Where(r => used.Contains(r.Number));
    }

    private static string Wanted(ServiceSpec spec) => spec switch
    {
        { Mode: ServiceMode.Job, Job.Schedule: { } schedule } => $"a job, {schedule}",
        { Mode: ServiceMode.Job } => "a job, which runs at once",
        { Mode: ServiceMode.Global } => "one on each eligible worker",
        { Instances: 1 } => "1 instance",
        _ => $"{spec.Instances} instances",
    };

    /// <summary>What a run is told of is in its record.</summary>
    private static ChangeResult Ran(ServiceRecord record, (ServiceRecord? Changed, string? Why) run) =>
        run.Changed is not { } changed ? Refuse(record, ServiceOutcome.Conflict, run.Why!)
        : new ChangeResult { Outcome = ServiceOutcome.Done, Record = changed };

    private static ChangeResult Told(
        ServiceRecord record, (ServiceRecord? Changed, string? Why) change, ServiceChange asked, DateTimeOffset now, string what) =>
        change.Changed is not { } changed ? Refuse(record, ServiceOutcome.Conflict, change.Why!)
        : ReferenceEquals(changed, record) ? new ChangeResult { Outcome = ServiceOutcome.Done, Record = record }
        : Done(changed, Told(record, asked, now, HistoryKind.Job, what));

    private static HistoryEvent Told(
        ServiceRecord record, ServiceChange change, DateTimeOffset now, HistoryKind kind, string what, int? revision = null) =>
        new(now, kind, change.Why.Length > 0 ? $"{what} ({change.Why})" : what, null, revision ?? record.Revision, change.Who.Length > 0
            ? change.Who : null);

    private static ChangeResult Done(ServiceRecord record, HistoryEvent told) =>
        new() { Outcome = ServiceOutcome.Done, Record = record.WithHistory(told) };

    private static ChangeResult Refuse(ServiceRecord? record, ServiceOutcome outcome, string reason, string field = "") =>
        new() { Outcome = outcome, Record = record, Problems = [new(field, reason)] };
}
