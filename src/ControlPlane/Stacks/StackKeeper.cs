using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>
/// The whole behaviour of a StackMaster: the record of one stack, and what follows from it. It asks no service and waits for none: whoever
/// carries a deployment out tells it what was seen, and asks what is next. Its calls must come one at a time; the actor sees to that.
/// </summary>
internal sealed partial class StackKeeper(
    string name, IStoredRecord<StackRecord> store, StackPorts ports, IStackReminder reminder, TimeProvider clock, ILogger<StackKeeper> log)
{
    private StackRecord? record;
    private bool isKnown;
    private bool isReminded;

    public async Task<StackAnswer> Change(StackChangeRequest request)
    {
        var isSent = false;
        try
        {
            var current = await Load();
            if (current is not null && current.Changes.Contains(request.Id)) return Answer(current);
            if (Objection(current, request) is { } objection) return Not(ServiceOutcome.Overtaken, objection);
            if (request.Change is RestoreStack restore) return await Restore(current, restore, request.DryRun);
            var result = StackChanges.Apply(current, name, request.Change, floor: 0, clock.GetUtcNow());
            if (result.Outcome != ServiceOutcome.Done) return new() { Outcome = result.Outcome, Problems = result.Problems };
            if (request.DryRun) return new() { Outcome = ServiceOutcome.Done, Target = TargetOf(result.Record!, current) };
            if (current is null or { IsGone: true })
                result = StackChanges.Apply(current, name, request.Change, await ports.List.Expect(name), clock.GetUtcNow());
            isSent = true;
            await Save(result.Record!.After(request.Id));
        }
        catch (StoreTroubleException e)
        {
            return isSent && e.IsSent ? Not(ServiceOutcome.InDoubt, $"{e.Message}; whether the change was made is not known")
                : Not(ServiceOutcome.NotDone, $"{e.Message}; nothing was changed");
        }

        LogChange(name, request.Change.GetType().Name, request.Change.Who);
        ports.Work.Begin(name);
        await KeepAwake();
        return Answer(record!);
    }

    public async Task<StackAnswer> Get() =>
        await There() is { } there ? Answer(there) : new StackAnswer { Outcome = ServiceOutcome.Unknown };

    public async Task<StackSummary?> Summary() => await There() is { } there ? StackViews.Summary(there) : null;

    public async Task<StackDeployment?> Deployment(long id) => await There() is { } there ? StackViews.Deployment(there, id) : null;

    /// <summary>Which services the deployment under way has to see now; none when there is nothing to do.</summary>
    public async Task<StackQuestion?> Asks() => await Load() is { } current ? Course.Asks(current) : null;

    /// <summary>Something was seen: the deployment goes on as far as it can.</summary>
    public async Task<StackTurn?> Advance(StackQuestion question, ValueList<StackSight> sights)
    {
        if (await Load() is not { } current) return null;
        var (next, turn) = Course.Next(current, question, sights, clock.GetUtcNow());
        if (!ReferenceEquals(next, current)) await Save(next);
        if (next.Current?.Told is { } told && told.State != current.Current?.Told.State) LogCourse(name, told.Id, told.State, told.Reason);
        if (next.IsGone) await Leave(next);
        else await KeepAwake();
        return turn;
    }

    /// <summary>What a service is to become by a mark; none when that does not count any more.</summary>
    public async Task<StackOrder?> OrderFor(string service, StackMark mark) =>
        await Load() is { } current ? Course.OrderFor(current, service, mark) : null;

    /// <summary>A service does not take what it was told.</summary>
    public async Task Refused(string service, StackMark mark, string reason)
    {
        if (await Load() is not { } current) return;
        var next = Course.Refused(current, service, mark, reason, clock.GetUtcNow());
        if (!ReferenceEquals(next, current)) await Save(next);
    }

    /// <summary>Whoever carries the deployment out may be gone, and so may what was to be said about its end.</summary>
    public async Task LookAgain()
    {
        isKnown = false;
        var current = await Load();
        if (current is { IsGone: true }) await Leave(current);
        else if (current?.Current?.Told.State.GoesOn() == true) ports.Work.Begin(name);
        await KeepAwake();
    }

    private async Task<StackAnswer> Restore(StackRecord? current, RestoreStack restore, bool dryRun)
    {
        var result = StackRestoring.Apply(current is { IsGone: true } ? null : current, name, restore, clock.GetUtcNow());
        if (result.Outcome != ServiceOutcome.Done) return new() { Outcome = result.Outcome, Problems = result.Problems };
        var answer = new StackAnswer { Outcome = ServiceOutcome.Done, Restored = result.Restored };
        if (dryRun || ReferenceEquals(result.Record, current)) return answer;
        var floor = await ports.List.Expect(name);
        var last = Math.Max(floor, current?.LastDeployment ?? 0);
        await Save(result.Record! with { LastDeployment = Math.Max(result.Record.LastDeployment, last) });
        return answer;
    }

    private static StackTarget? TargetOf(StackRecord next, StackRecord? before)
    {
        if (next.Current is not { } current || current.Told.Id == before?.Current?.Told.Id) return null;
        return new(current.Told.Action, current.Spec, current.AskedBefore, next.Members);
    }

    private async Task<StackRecord?> There() => await Load() is { IsGone: false } there ? there : null;

    private async Task<StackRecord?> Load()
    {
        if (isKnown) return record;
        record = await store.Load();
        isKnown = true;
        return record;
    }

    private async Task Save(StackRecord next)
    {
        // Until it has answered nobody acts on what is remembered here.
        isKnown = false;
        await store.Save(next);
        (record, isKnown) = (next, true);
    }

    /// <summary>In this order: should it be broken off, it is done again.</summary>
    private async Task Leave(StackRecord gone)
    {
        await KeepAwake(always: true);
        await ports.List.Leave(name, gone.LastDeployment);
        isKnown = false;
        await store.Remove();
        LogGone(name);
        record = null;
        isKnown = true;
        await KeepAwake();
    }

    private async Task KeepAwake(bool always = false)
    {
        var isNeeded = always || record?.Current?.Told.State.GoesOn() == true;
        if (isNeeded == isReminded) return;
        if (isNeeded) await reminder.Set();
        else await reminder.Clear();
        isReminded = isNeeded;
    }

    /// <summary>Names the state of the wish.</summary>
    private static string TagOf(StackRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.LastDeployment}.{record.Current?.Round ?? 0}");

    private string? Objection(StackRecord? current, StackChangeRequest request)
    {
        if (current is null or { IsGone: true }) return request.IfMatch is null ? null : $"there is no stack {name} that could have a tag";
        var tag = TagOf(current);
        var told = current.Current?.Told;
        var last = told is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {told.Who} changed it at {told.At:u}");
        if (request.IfNoneMatch is { } unwanted && unwanted.Any(it => it == "*" || it == tag)) return $"the stack is at \"{tag}\"{last}";
        if (request.IfMatch is { } wanted && !wanted.Any(it => it == "*" || it == tag)) return $"the stack is at \"{tag}\" by now{last}";
        return null;
    }

    private static StackAnswer Answer(StackRecord record) =>
        new() { Outcome = ServiceOutcome.Done, Stack = StackViews.View(record), Tag = TagOf(record) };

    private static StackAnswer Not(ServiceOutcome outcome, string why) => new() { Outcome = outcome, Problems = [new("", why)] };

    [LoggerMessage(LogLevel.Information, "{Who} asks stack {Stack} for a change: {Change}")]
    private partial void LogChange(string stack, string change, string who);

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment} of stack {Stack} is {State}: {Reason}")]
    private partial void LogCourse(string stack, long deployment, DeploymentState state, string? reason);

    [LoggerMessage(LogLevel.Information, "Nothing is left of stack {Stack}, which was removed")]
    private partial void LogGone(string stack);
}
