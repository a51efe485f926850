using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// The whole behaviour of a ServiceMaster: a serialising cache in front of the record of one service. Whatever arrives changes the record
/// or the observations, then the same turn looks at everything: reconcile, save by compare-and-set, send orders. It never waits for a
/// container. Its calls must come one at a time; the actor sees to that.
/// </summary>
internal sealed partial class ServiceKeeper(
    string name,
    IStoredRecord<ServiceRecord> store,
    ServicePorts ports,
    ControlPlaneOptions options,
    TimeProvider clock,
    ILogger<ServiceKeeper> log)
{
    /// <summary>Many more than a service has instances; those that matter are told again.</summary>
    private const int MostUnanswered = 10_000;

    private readonly RollCall rollCall = new(ports.Announcements, ports.Workers, name, clock);
    private readonly Listing listing = new(ports.Directory, name, clock);
    private readonly Happenings happenings = new(ports.Events, name, clock);
    private readonly OwnedRecord own = new(name, store, clock);

    /// <summary>By instance the last order that got no answer.</summary>
    private readonly Dictionary<string, OrderRefused> unanswered = new(StringComparer.Ordinal);

    private Observations observed = Observations.None;
    private Plan? plan;
    private bool isObserved;
    private DateTimeOffset activatedAt;

    /// <summary>How the service was when its stack was told last.</summary>
    private (StackMark Mark, ServiceState State, int Revision, string? Paused, bool IsOver)? toldStack;

    /// <summary>What was known of the workers before this mark does not count here any more.</summary>
    private long since;

    private ServiceRecord? Record => own.Value;

    /// <summary>Told of each decision once it is saved.</summary>
    public Action<Situation, Plan>? Decided { get; init; }

    /// <summary>What was decided last; none before the first turn of this activation.</summary>
    public Plan? Plan => plan;

    public async Task<ServiceAnswer> Change(ServiceChangeRequest request)
    {
        try
        {
            await Load();
        }
        catch (StoreTroubleException e)
        {
            return NotNow(request, e);
        }

        if (Record is not null && Record.Knows(request.Id))
        {
            await Turn(Record);
            return Answer();
        }

        if (WishTag.Objection(Record, request) is { } objection) return Not(ServiceOutcome.Overtaken, objection);
        FreshContent fresh;
        try
        {
            fresh = await Fresh(request);
        }
        catch (StoreTroubleException e)
        {
            return NotNow(request, e);
        }

        var result = own.Unreadable is { } unreadable ? Replace(unreadable, request.Change)
            : ServiceChanges.Apply(Record, name, request.Change, clock.GetUtcNow(), fresh);
        if (result.Outcome != ServiceOutcome.Done) return new ServiceAnswer { Outcome = result.Outcome, Problems = result.Problems };
        if (request.Change is TakeNewContent or RunDue && ReferenceEquals(result.Record, Record)) return await Get();
        // What a person did before, such as ending a drain, counts for what that person asks next.
        since = ports.Workers.Mark();
        // The directory hears of it while the workers are asked: neither needs the other's answer.
        var listed = request.DryRun || listing.IsListed ? Task.CompletedTask : listing.Expect(Record);
        var earlier = Earlier(request.Change);
        await Task.WhenAll(listed, earlier);
        var (foundOn, toBeHeard) = await earlier;
        var changed = toBeHeard.Count == 0 ? result.Record! : result.Record! with { ToBeHeard = toBeHeard };
        var restored = request.Change is RestoreService ? Restored(changed, foundOn) : (RestoreOutcome?)null;
        if (request.DryRun)
        {
            var situation = await Look(changed);
            var plan = toBeHeard.Count == 0 ? DryRun.Of(Record, situation) : new PlanView([], EarlierLife.Decide(situation).Waiting);
            return new ServiceAnswer { Outcome = ServiceOutcome.Done, Restored = restored, FoundOn = foundOn, Plan = plan };
        }

        // Of what was deleted and erased, something late may come yet: it is of an earlier epoch.
        if (Record is null) changed = changed with { Epoch = Math.Max(changed.Epoch, ports.Directory.Floor + 1) };
        LogChange(name, request.Change.GetType().Name, request.Change.Who);
        var before = Record?.Spec.Container.Image;
        // A run is no change of the wish.
        var count = ReferenceEquals(changed, Record) || request.Change is RunJob or RunDue ? changed.Changes : changed.Changes + 1;
        try
        {
            await Turn(changed.After(request.Id) with { Changes = count });
        }
        catch (StoreTroubleException e)
        {
            return e.IsSent ? await OutcomeOf(request, e) : NotNow(request, e);
        }

        if (before is not null && before != changed.Spec.Container.Image && !changed.Withdrawn) Prefetch(changed);
        var answer = Answer() with { Restored = restored, FoundOn = foundOn };
        return result.Note is not { } note ? answer
            : answer with { Service = answer.Service! with { Notes = [note, .. answer.Service.Notes] } };
    }

    public async Task<ServiceAnswer> Get()
    {
        try
        {
            if (!await Exists())
            {
                // Of a tombstone that an earlier version has left nobody else tells the directory, which sees to its end.
                if (Record is not null) Retire();
                return new ServiceAnswer { Outcome = ServiceOutcome.Unknown, Stack = Record?.Stack };
            }

            if (plan is null) await Turn(Record!);
            return Answer();
        }
        catch (StoreTroubleException) when (Record is not null)
        {
            plan ??= EarlierLife.Decide(await Look(Record));
            return Answer(own.Age);
        }
    }

    public async Task<ServiceSummary?> Summary()
    {
        try
        {
            return await SummaryNow();
        }
        catch (StoreTroubleException) when (Record is not null)
        {
            plan ??= EarlierLife.Decide(await Look(Record));
            return ServiceViews.Summary(Record, plan, isObserved);
        }
    }

    private async Task<ServiceSummary?> SummaryNow()
    {
        await Load();
        if (own.Unreadable is { } unreadable) return ServiceViews.Unreadable(name, unreadable.Message);
        if (!await Exists()) return null;
        // Who asks does not find it in the list.
        listing.TellAgain();
        await Turn(Record!);
        return ServiceViews.Summary(Record!, plan!, isObserved);
    }

    public async Task<ServiceExplanation?> Explain(int fromSlot)
    {
        var (exists, stale) = await ExistsOrDid();
        return exists ? Explanation.Of(await Look(Record!), fromSlot) with { Stale = stale is not null, StaleFor = stale } : null;
    }

    public async Task<ServiceHistory?> History()
    {
        var (exists, stale) = await ExistsOrDid();
        return exists ? Explanation.History(Record!) with { Stale = stale is not null, StaleFor = stale } : null;
    }

    /// <summary>
    /// The same as <see cref="Exists"/>; when the store does not answer, whether it did when it last answered, and how long ago.
    /// </summary>
    private async Task<(bool Exists, TimeSpan? Stale)> ExistsOrDid()
    {
        try
        {
            return (await Exists(), null);
        }
        catch (StoreTroubleException) when (Record is not null)
        {
            return (!Record.IsTombstone, own.Age);
        }
    }

    public async Task<DrainPlan?> PlanDrain(DrainQuestion question)
    {
        await Load();
        return own.Unreadable is null && await Exists() ? DryRun.OfDrain(await Look(Record!), question) : null;
    }

    public async Task<ValueList<string>> Holding(string worker)
    {
        await Load();
        if (own.Unreadable is not null) return [$"whatever there is of {name}, whose record cannot be read"];
        if (!await Exists()) return [];
        // That the worker drains must be known here from now on: what is not there now does not come any more.
        since = ports.Workers.Mark();
        return Explanation.Holding(Record!, EarlierLife.Decide(await Look(Record!)), worker);
    }

    public async Task Report(ServiceReport report)
    {
        await LoadOrNote(report);
        if (Record is null)
        {
            // An empty store proves nothing: without a record nothing is ordered.
            LogUnclaimed(report.Worker, name, report.Instances.Count);
            return;
        }

        observed = observed.With(report.ByClockOf(clock.GetUtcNow()));
        // Who reports an instance has heard of it.
        foreach (var told in report.Instances) unanswered.Remove(told.Instance);
        await Turn(Record.WithImagesSeen(report));
    }

    public async Task LookAgain(string why)
    {
        listing.TellAgain();
        // That there is no record is said only of the store as it is now.
        if (Record is null) own.Doubt();
        await Load();
        if (own.Unreadable is not null) return;
        if (!await Exists())
        {
            if (Record is not null) await EraseIfOver(Record);
            Retire();
            return;
        }

        since = ports.Workers.Mark();
        await Turn(Record!);
    }

    public async Task Refused(OrderRefused refused)
    {
        await Load();
        if (Record is null) return;
        if (refused.Answer.Refusal == Refusal.StaleEpoch)
        {
            await Overtake(refused.Answer.KnownEpoch);
            return;
        }

        if (unanswered.Count > MostUnanswered) unanswered.Clear();
        if (refused.Answer.Refusal == Refusal.Unanswered) unanswered[refused.Instance] = refused;
        await Turn(Record.WithRefusal(refused, observed, clock.GetUtcNow()));
    }

    /// <summary>Decides, saves, and only then sends.</summary>
    private async Task Turn(ServiceRecord from)
    {
        var candidates = await ports.Workers.Current(CancellationToken.None, since);
        var situation = SituationOf(from, candidates);
        var next = EarlierLife.Decide(situation);
        if (!ReferenceEquals(next.Record, Record))
        {
            var before = Record;
            await own.Save(next.Record);
            Decided?.Invoke(situation, next);
            CountOnTheWay(before, next);
        }

        if (next.Unsettled is { } unsettled) LogUnsettled(name, unsettled);
        plan = next;
        isObserved = situation.IsObserved();
        happenings.Tell(Record!, observed, isObserved);
        ports.Orders.Send(next.Steps.Select(step => (step.Worker, step.ToOrder(name, next.Record.Epoch))));
        if (next.WaitsForRoom) await AskToBeWoken();
        var isOver = Record!.IsTombstone && next.Steps.Count == 0;
        TellStack(next, isOver);
        var lookAt = isOver ? null : LookAt(next, await rollCall.CallIfMissing(next.Record, candidates, observed));
        if (isOver)
        {
            Retire();
            return;
        }

        listing.Tell(ServiceViews.Summary(Record!, next, isObserved), Record!.Epoch, lookAt);
        ports.Alarm.At(name, lookAt);
    }

    /// <summary>
    /// When to look even if nothing is heard. News of what is waited for may be lost, and nobody tells a global service of each worker that
    /// joins: those look now and then. The others have nothing to do.
    /// </summary>
    private DateTimeOffset? LookAt(Plan next, DateTimeOffset? rollCallAt)
    {
        var depends = next.Waiting.Count > 0 || next.WaitsForRoom || !isObserved || next.Record.Spec.Mode == ServiceMode.Global;
        return new[] { next.LookAgainAt, rollCallAt, SeeToSchedule(next.Record),
            depends ? clock.GetUtcNow() + options.RemindEvery : null }.Min();
    }

    /// <summary>Whoever waits for the service to become something is told when it is otherwise than before.</summary>
    private void TellStack(Plan next, bool isOver)
    {
        if (Record!.Stack is not { } mark) return;
        var how = (mark, ServiceViews.State(Record, next, isObserved), Record.Revision, Record.Rollout?.Paused, isOver);
        if (how == toldStack) return;
        toldStack = how;
        ports.Stacks.Tell(mark.Stack);
    }

    /// <summary>
    /// What was placed in this turn weighs on its workers for the other services, until the workers report it themselves.
    /// </summary>
    private void CountOnTheWay(ServiceRecord? before, Plan next)
    {
        foreach (var placed in next.PlacedSince(before)) ports.Workers.Placed(placed.Worker, placed.Container.Resources.Reserve);
    }

    /// <summary>A withdrawn service is there until nothing is left of its containers.</summary>
    private async Task<bool> Exists()
    {
        await LoadReadable();
        return Record is not null && !(Record.IsTombstone && plan is null or { Steps.Count: 0 });
    }

    private async Task<Situation> Look(ServiceRecord from) => SituationOf(from, await ports.Workers.Current(CancellationToken.None, since));

    private Situation SituationOf(ServiceRecord from, ValueList<Worker> candidates) => new()
    {
        Record = from,
        Workers = candidates,
        Observed = observed,
        Since = activatedAt,
        Now = clock.GetUtcNow(),
        Unanswered = unanswered,
    };

    private async Task Load()
    {
        if (own.IsOwned) return;
        listing.IsListed = false;
        await own.Own();
        // It has written again: what was on its way meets another version.
        if (Record is not null) inDoubt = null;
        observed = Observations.None;
        unanswered.Clear();
        plan = null;
        activatedAt = clock.GetUtcNow();
        if (own.Unreadable is { } unreadable)
        {
            LogUnreadable(name, unreadable.Message);
            listing.Tell(ServiceViews.Unreadable(name, unreadable.Message), epoch: 0, lookAt: null);
        }

        if (Record is null) return;
        LogActivated(name, Record.Epoch);
        if (!Record.IsTombstone) await SayWhoIsInCharge();
    }

    /// <summary>From here on the directory takes nothing from an earlier activation, and sees to it that this one goes on.</summary>
    private async Task SayWhoIsInCharge()
    {
        try
        {
            await listing.Expect(Record);
        }
        catch (NoAnswerException e)
        {
            LogNotListed(name, e.Message);
        }
    }

    private async Task Overtake(long known)
    {
        if (known <= Record!.Epoch || !await own.Overtake(known)) return;
        LogOvertook(name, known, Record.Epoch);
        await Turn(Record);
    }

    /// <summary>Room is told about by the registry; should that fail, the plan's own next look finds it.</summary>
    private async Task AskToBeWoken()
    {
        try
        {
            await ports.Workers.WaitForRoom(name);
        }
        catch (NoAnswerException e)
        {
            LogNotWoken(name, e.Message);
        }
    }

    /// <summary>Nothing is left to do for this name.</summary>
    private void Retire()
    {
        if (isFollowed) ports.Schedules.Leave(name);
        isFollowed = false;
        ports.Alarm.At(name, null);
        listing.TellGone(Record);
        happenings.TellGone(Record);
    }

    private ServiceAnswer Answer(TimeSpan? age = null) => new()
    {
        Outcome = ServiceOutcome.Done,
        Service = WithSchedule(ServiceViews.View(Record!, plan!, observed, isObserved)) with { Stale = age is not null, StaleFor = age },
        Tag = WishTag.Of(Record),
    };

    private static ServiceAnswer Not(ServiceOutcome outcome, string why) =>
        new() { Outcome = outcome, Problems = [new FieldProblem("", why)] };
}
