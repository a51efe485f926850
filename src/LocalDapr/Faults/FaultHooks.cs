using LocalDapr.Scheduling;

namespace LocalDapr.Faults;

/// <summary>
/// Provokes on purpose what goes wrong seldom by itself. Every fault ends with its <c>times</c> or when its handle is disposed.
/// </summary>
public sealed class FaultHooks
{
    private readonly List<Fault> faults = [];
    private volatile Fault[] active = [];

    internal FaultHooks()
    {
    }

    /// <summary>Holds matching calls back before they reach the app (actor calls keep their turn meanwhile).</summary>
    public IDisposable DelayCalls(CallMatch match, TimeSpan delay, int times = int.MaxValue) =>
        Add(new(FaultKind.Delay, times) { Match = match, Delay = delay });

    /// <summary>Loses matching calls, or their answers: the caller sees a broken connection. It is not retried for the caller.</summary>
    public IDisposable DropCalls(CallMatch match, DropWhen when = DropWhen.BeforeTheApp, int times = int.MaxValue) =>
        Add(new(when == DropWhen.BeforeTheApp ? FaultKind.DropCall : FaultKind.DropAnswer, times) { Match = match });

    /// <summary>The app gets matching calls twice, one after the other; the caller gets the second answer.</summary>
    public IDisposable DuplicateCalls(CallMatch match, int times = int.MaxValue) =>
        Add(new(FaultKind.Duplicate, times) { Match = match });

    /// <summary>State saves fail (plain and actor state); null matches every store, or every key.</summary>
    public IDisposable FailStateSaves(string? store = null, string? keyContains = null, int times = 1) =>
        Add(new(FaultKind.FailSave, times) { Where = store, What = keyContains });

    /// <summary>Published messages are accepted and lost.</summary>
    public IDisposable LoseMessages(string? pubsub = null, string? topic = null, int times = 1) =>
        Add(new(FaultKind.LoseMessage, times) { Where = pubsub, What = topic });

    /// <summary>
    /// Nobody tells a caller that the app under its call has died: matching actor calls through another sidecar hang until the caller
    /// gives up, as they do with daprd. Otherwise they are repeated at the next owner. Later calls find that owner all the same.
    /// </summary>
    public IDisposable HangWhenAppDies(CallMatch match, int times = int.MaxValue) =>
        Add(new(FaultKind.HangWhenAppDies, times) { Match = match });

    /// <summary>Activities are given out twice at once, under one execution key; null matches every activity, or every instance.</summary>
    public IDisposable RepeatActivities(string? name = null, string? instance = null, int times = 1) =>
        Add(new(FaultKind.RepeatActivity, times) { Where = name, What = instance });

    /// <summary>
    /// Activities are done and their answers are lost, as if their worker had died then: they are given out again. Null matches every
    /// activity, or every instance.
    /// </summary>
    public IDisposable LoseActivityAnswers(string? name = null, string? instance = null, int times = 1) =>
        Add(new(FaultKind.LoseActivityAnswer, times) { Where = name, What = instance });

    /// <summary>
    /// Workflow code runs and its answers are lost: the turns are run again. Null matches every workflow, or every instance.
    /// </summary>
    public IDisposable LoseTurnAnswers(string? name = null, string? instance = null, int times = 1) =>
        Add(new(FaultKind.LoseTurnAnswer, times) { Where = name, What = instance });

    internal bool None => active.Length == 0;

    internal Fault? NextCall(FaultKind kind, string appId, string? actorType, string? actorId, string method) =>
        Next(kind, f => f.Match.Matches(appId, actorType, actorId, method));

    internal bool NextSaveFails(string store, string key) =>
        Next(FaultKind.FailSave, f => (f.Where is null || f.Where == store) && (f.What is null || key.Contains(f.What))) is not null;

    internal bool NextMessageIsLost(string pubsub, string topic) =>
        Next(FaultKind.LoseMessage, f => (f.Where is null || f.Where == pubsub) && (f.What is null || f.What == topic)) is not null;

    internal bool NextWork(FaultKind kind, string name, string instance) =>
        Next(kind, f => (f.Where is null || f.Where == name) && (f.What is null || f.What == instance)) is not null;

    private Fault? Next(FaultKind kind, Func<Fault, bool> matches)
    {
        foreach (var fault in active)
        {
            if (fault.Kind == kind && matches(fault) && fault.TryTake()) return fault;
        }

        return null;
    }

    private Ending Add(Fault fault)
    {
        lock (faults)
        {
            faults.Add(fault);
            active = [.. faults];
        }

        return new(() =>
        {
            lock (faults)
            {
                faults.Remove(fault);
                active = [.. faults];
            }
        });
    }
}
