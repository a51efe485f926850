using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Tests.Workflows;

/// <summary>A workflow with a bit of everything, as a worker would run it.</summary>
internal static class Story
{
    public const int Tasks = 3;
    public const string End = "a done, b done, c done, event, child: fine";
    private static readonly DateTimeOffset Due = new(2000, 1, 1, 0, 30, 0, TimeSpan.Zero);

    public static WorkflowResponse Turn(WorkflowRequest request)
    {
        var seen = Code.Seen(request).ToList();
        if (seen.First(e => e.ExecutionStarted is not null).ExecutionStarted.Name == "child") return Code.Answer(Code.Complete("fine"));
        bool Has(Func<HistoryEvent, bool> what) => seen.Any(what);
        string? Result(int task) => seen.FirstOrDefault(e => e.TaskCompleted?.TaskScheduledId == task)?.TaskCompleted.Result;
        bool Began(int id) => Has(e => e.EventId == id && e.EventTypeCase != HistoryEvent.EventTypeOneofCase.ExecutionCompleted);

        if (!Began(0)) return Code.Answer(Code.Schedule(0, "a"), Code.Schedule(1, "b"));
        if (Result(0) is null || Result(1) is null) return Code.Answer();
        if (!Began(2)) return Code.Answer(Code.Child(2, "child", $"{request.InstanceId}-child"));
        if (seen.FirstOrDefault(e => e.ChildWorkflowInstanceCompleted is not null) is not { } child) return Code.Answer();
        if (seen.FirstOrDefault(e => e.EventRaised is not null) is not { } raised) return Code.Answer();
        if (!Began(3)) return Code.Answer(Code.Timer(3, Due));
        if (!Has(e => e.TimerFired is not null)) return Code.Answer();
        if (!Began(4)) return Code.Answer(Code.Schedule(4, "c"));
        return Result(4) is not { } last ? Code.Answer() : Code.Answer(Code.Complete(
            $"{Result(0)}, {Result(1)}, {last}, {raised.EventRaised.Input}, child: {child.ChildWorkflowInstanceCompleted.Result}"));
    }
}
