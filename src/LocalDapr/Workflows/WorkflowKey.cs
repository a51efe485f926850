namespace LocalDapr.Workflows;

/// <summary>One instance of a workflow: its id is unique within its app id.</summary>
internal readonly record struct WorkflowKey(string App, string Id)
{
    public override string ToString() => $"{App}/{Id}";
}
