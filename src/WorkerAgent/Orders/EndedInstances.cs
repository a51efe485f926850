namespace Orchestrator.WorkerAgent.Orders;

/// <summary>
/// Which instances have been ended or refused here, and by which epoch: an order to run one that was late or comes twice must not begin it.
/// Kept in memory only, for an order does not outlive the process that it was sent to.
/// </summary>
internal sealed class EndedInstances
{
    /// <summary>The oldest fall out above this.</summary>
    public const int MostNames = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> epochs = [];
    private readonly Queue<string> oldest = [];

    public void Add(string instance, long epoch)
    {
        lock (gate)
        {
            if (epochs.TryAdd(instance, epoch)) oldest.Enqueue(instance);
            else epochs[instance] = epoch;
            if (oldest.Count > MostNames) epochs.Remove(oldest.Dequeue());
        }
    }

    /// <summary>True for an order of the epoch that ended the instance, or of one before; a later epoch knows what it does.</summary>
    public bool Has(string instance, long epoch)
    {
        lock (gate) return epochs.TryGetValue(instance, out var ended) && epoch <= ended;
    }
}
