namespace LocalDapr.Workflows;

/// <summary>What the runtime refuses as the id of an instance.</summary>
internal static class InstanceIds
{
    /// <exception cref="WorkflowException">It cannot be one.</exception>
    public static void Check(string id)
    {
        if (!id.All(c => c is >= ' ' and <= '~' and not ('/' or '#' or '?' or '\\')))
        {
            throw new WorkflowException(
                WorkflowRefusal.UnknownInstance,
                $"failed to create workflow instance: job name is invalid: '{id}' must not hold / \\ # ? or anything but ASCII");
        }
    }
}
