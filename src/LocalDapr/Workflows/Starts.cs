using Dapr.DurableTask.Protobuf;
using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>Begins instances. An id is a mutex while its instance runs, and free again afterwards.</summary>
internal static class Starts
{
    public static StartOutcome Begin(Db db, Sequence sequence, WorkflowKey key, HistoryEvent started)
    {
        var it = started.ExecutionStarted;
        if (InstanceTable.Find(db, key) is { } old)
        {
            if (!old.IsOver) return IsSameChild(old, it) ? StartOutcome.Started : StartOutcome.Runs;
            if (Children(db, key).Any(child => InstanceTable.Find(db, child) is { IsOver: false })) return StartOutcome.ChildrenRun;
            InstanceTable.Erase(db, key);
        }

        var now = started.Timestamp.ToDateTimeOffset();
        InstanceTable.Save(db, new(key, sequence.Next(), it.Name)
        {
            Execution = it.WorkflowInstance.ExecutionId ?? "",
            Created = now,
            Updated = now,
            Starts = it.ScheduledStartTimestamp?.ToDateTimeOffset(),
            Parent = it.ParentInstance,
        });
        InboxTable.Add(db, key, sequence.Next(), started);
        return StartOutcome.Started;
    }

    /// <summary>Children of an instance, running or not.</summary>
    public static IEnumerable<WorkflowKey> Children(Db db, WorkflowKey key) =>
        Progress.Of(HistoryTable.All(db, key)).Children.Select(c => new WorkflowKey(
            c.Router is { HasTargetAppID: true } router ? router.TargetAppID : key.App, c.ChildWorkflowInstanceCreated.InstanceId));

    private static bool IsSameChild(InstanceRow old, ExecutionStartedEvent started) =>
        old.Parent is { } parent && parent.Equals(started.ParentInstance);
}

internal enum StartOutcome
{
    Started,

    /// <summary>The id belongs to an instance that has not ended.</summary>
    Runs,

    /// <summary>The instance of this id has ended, children of it have not.</summary>
    ChildrenRun,
}
