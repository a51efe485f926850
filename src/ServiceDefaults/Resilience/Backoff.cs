namespace Orchestrator.ServiceDefaults.Resilience;

/// <summary>
/// The pauses between tries: doubling from the first to the longest, each up to a quarter more or less, so that many who wait do not come
/// back in step.
/// </summary>
/// <param name="First">Before the first repetition; above zero.</param>
/// <param name="Longest">No mean pause is longer.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <param name="retry">From 0.</param>
    /// <param name="dice">From 0 to 1.</param>
    public TimeSpan Pause(int retry, double dice)
    {
        var mean = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(retry, 40)));
        return TimeSpan.FromMilliseconds(mean * (0.75 + (dice / 2)));
    }
}
