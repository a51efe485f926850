using Dapr.DurableTask.Protobuf;
using LocalDapr.Workflows;

namespace LocalDapr.Tests.Workflows;

/// <summary>A worker with an open stream; what it was sent can be looked at.</summary>
internal sealed class Worker
{
    private readonly List<WorkItem> seen = [];
    private readonly WorkerApi sidecar;
    private readonly WorkStream stream;

    public Worker(
        WorkerApi sidecar, Func<WorkflowRequest, WorkflowResponse?> turn, Func<ActivityRequest, ActivityResponse?> activity,
        WorkerCapability[] capabilities)
    {
        this.sidecar = sidecar;
        stream = sidecar.Open(capabilities);
        _ = Task.Run(() => RunAsync(turn, activity));
    }

    public IReadOnlyList<WorkItem> Seen
    {
        get
        {
            lock (seen) return [.. seen];
        }
    }

    public IReadOnlyList<WorkflowRequest> Turns => [.. Seen.Select(i => i.WorkflowRequest).OfType<WorkflowRequest>()];

    public IReadOnlyList<ActivityRequest> Activities => [.. Seen.Select(i => i.ActivityRequest).OfType<ActivityRequest>()];

    /// <summary>Its process ends.</summary>
    public void Die() => sidecar.Close(stream);

    private async Task RunAsync(Func<WorkflowRequest, WorkflowResponse?> turn, Func<ActivityRequest, ActivityResponse?> activity)
    {
        await foreach (var item in stream.Items.ReadAllAsync())
        {
            lock (seen) seen.Add(item);
            _ = Task.Run(() => AnswerAsync(item, turn, activity));
        }
    }

    private async Task AnswerAsync(
        WorkItem item, Func<WorkflowRequest, WorkflowResponse?> turn, Func<ActivityRequest, ActivityResponse?> activity)
    {
        if (item.WorkflowRequest is { } asked && turn(asked) is { } answer)
        {
            answer.InstanceId = asked.InstanceId;
            answer.CompletionToken = item.CompletionToken;
            await sidecar.AnswerAsync(answer);
        }
        else if (item.ActivityRequest is { } wanted && activity(wanted) is { } done)
        {
            done.InstanceId = wanted.WorkflowInstance.InstanceId;
            done.TaskId = wanted.TaskId;
            done.CompletionToken = item.CompletionToken;
            await sidecar.AnswerAsync(done);
        }
    }
}
