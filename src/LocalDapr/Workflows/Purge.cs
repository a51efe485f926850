using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>Erases instances that have ended, children before their parents.</summary>
internal static class Purge
{
    private const string Failed = "failed to purge workflow state: ";

    /// <summary>How many there were.</summary>
    /// <exception cref="WorkflowException">One of them is not there, or has not ended; then all of them stay.</exception>
    public static int Run(Db db, WorkflowKey key, bool recursive, bool force)
    {
        if (InstanceTable.Find(db, key) is null)
        {
            throw new WorkflowException(
                WorkflowRefusal.UnknownInstance, Failed + "failed to fetch workflow state: no such instance exists");
        }

        var all = new List<WorkflowKey>();
        Collect(key, "");
        foreach (var one in Enumerable.Reverse(all)) InstanceTable.Erase(db, one);
        return all.Count;

        void Collect(WorkflowKey one, string whose)
        {
            // A child may have been purged before, and two parents may name one id.
            if (all.Contains(one) || InstanceTable.Find(db, one) is not { } row) return;
            if (!row.IsOver && !force)
                throw new WorkflowException(WorkflowRefusal.NotOver, $"{Failed}{whose}orchestration has not yet completed");
            all.Add(one);
            if (!recursive) return;
            foreach (var child in Starts.Children(db, one)) Collect(child, "failed to purge child workflow: ");
        }
    }
}
