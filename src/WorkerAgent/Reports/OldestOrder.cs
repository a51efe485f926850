namespace Orchestrator.WorkerAgent.Reports;

/// <summary>
/// The oldest report to which an order may be bound that begins what may run once only, as it is judged by and told: one number, so that
/// what has been told is never judged otherwise afterwards.
/// </summary>
internal sealed class OldestOrder
{
    private long since;

    /// <summary>By sequence; 0 before the first lease. It only grows.</summary>
    public long Since
    {
        get => Interlocked.Read(ref since);
        set => Interlocked.Exchange(ref since, value);
    }
}
