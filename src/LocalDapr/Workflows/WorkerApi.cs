using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using LocalDapr.Scheduling;

namespace LocalDapr.Workflows;

/// <summary>What the worker in the app beside one sidecar asks: work, and that its answers are taken.</summary>
internal sealed class WorkerApi(
    string appId, int mostBytes, WorkflowSettings settings, WorkflowRuntime runtime, Scheduler scheduler, TimeProvider clock)
{
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(20);
    private readonly WorkerSite site = new(settings);
    private readonly HashSet<WorkStream> open = [];

    /// <summary>Streams that are open.</summary>
    public int Connected => site.Streams;

    /// <summary>From here on the worker gets work; the end of it is <see cref="Close"/>.</summary>
    public WorkStream Open(IEnumerable<WorkerCapability> capabilities)
    {
        var stream = new WorkStream(site, capabilities);
        lock (open) open.Add(stream);
        runtime.WorkersOf(appId).Open(stream);
        PlanPing(stream);
        return stream;
    }

    public void Close(WorkStream stream)
    {
        lock (open) open.Remove(stream);
        runtime.WorkersOf(appId).Close(stream);
    }

    /// <summary>The app is lost: others get its work.</summary>
    public void CloseAll()
    {
        WorkStream[] all;
        lock (open) all = [.. open];
        foreach (var stream in all) Close(stream);
    }

    /// <summary>Also what nobody waits for any more is taken, for a worker that is refused drops all its work.</summary>
    public Task AnswerAsync(WorkflowResponse answer) => runtime.WorkersOf(appId).AnswerAsync(
        answer.CompletionToken, new(new(appId, answer.InstanceId)), IsTooLarge(answer) ? Oversize.Failed(answer, mostBytes) : answer);

    public Task AnswerAsync(ActivityResponse answer) => runtime.WorkersOf(appId).AnswerAsync(
        answer.CompletionToken, new(new(appId, answer.InstanceId), answer.TaskId),
        IsTooLarge(answer) ? Oversize.Failed(answer, mostBytes) : answer);

    private bool IsTooLarge(IMessage answer) => answer.CalculateSize() > mostBytes;

    private void PlanPing(WorkStream stream) => scheduler.At(clock.GetUtcNow() + BetweenPings, () =>
    {
        lock (open)
        {
            if (!open.Contains(stream)) return;
        }

        stream.Ping();
        PlanPing(stream);
    });
}
