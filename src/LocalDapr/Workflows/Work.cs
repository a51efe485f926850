namespace LocalDapr.Workflows;

/// <summary>Something that a worker is asked for: a turn, or an activity of an instance.</summary>
/// <param name="Key">The instance, as the worker's app knows it.</param>
/// <param name="Task">The activity's id; null for a turn.</param>
internal readonly record struct Work(WorkflowKey Key, int? Task = null)
{
    public bool IsTurn => Task is null;
}
