namespace LocalDapr.Resiliency;

/// <summary>Opens after failures in a row, lets a few calls through after a while, closes when they succeed.</summary>
internal sealed class CircuitBreaker(int failuresToOpen, TimeSpan open, int trials, TimeProvider clock)
{
    private readonly Lock gate = new();
    private DateTimeOffset? openUntil;
    private int failures;
    private int trying;
    private int succeeded;

    /// <summary>Whether a call may be made; if so, <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (openUntil is null) return true;
            if (clock.GetUtcNow() < openUntil || trying >= trials) return false;
            trying++;
            return true;
        }
    }

    public void Leave(bool success)
    {
        lock (gate)
        {
            bool trial = openUntil is not null && trying > 0;
            if (trial) trying--;
            if (!success)
            {
                succeeded = 0;
                if (trial || ++failures >= failuresToOpen) openUntil = clock.GetUtcNow() + open;
                return;
            }

            if (trial && ++succeeded < trials) return;
            if (trial || openUntil is null) (failures, succeeded, openUntil) = (0, 0, null);
        }
    }
}
