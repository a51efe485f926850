namespace LocalDapr.Workflows;

/// <summary>An instance that something is done for: one turn at a time, and another one when somebody asked meanwhile.</summary>
internal sealed class Instance(WorkflowKey key)
{
    private const int AtRest = 0, Runs = 1, RunsAndWasWoken = 2;
    private int state;

    public WorkflowKey Key => key;

    /// <summary>The workflow's name; null until it has been read.</summary>
    public string? Name { get; set; }

    /// <summary>What the last turn left, so that the next need not read it.</summary>
    public KnownHistory? History { get; set; }

    /// <summary>Generations since anything else happened.</summary>
    public int StartedOver { get; set; }

    public DateTimeOffset LastTurn { get; set; }

    public bool IsAtRest => Volatile.Read(ref state) == AtRest;

    /// <summary>True for the one who has to run it.</summary>
    public bool Wake()
    {
        while (true)
        {
            int now = Volatile.Read(ref state);
            if (Interlocked.CompareExchange(ref state, now == AtRest ? Runs : RunsAndWasWoken, now) == now) return now == AtRest;
        }
    }

    /// <summary>False when it has to run once more.</summary>
    public bool Rest()
    {
        if (Interlocked.CompareExchange(ref state, AtRest, Runs) == Runs) return true;
        Volatile.Write(ref state, Runs);
        return false;
    }
}
