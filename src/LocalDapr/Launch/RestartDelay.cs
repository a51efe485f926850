namespace LocalDapr.Launch;

/// <summary>How long an app that died waits before its next start: twice as long each time, until it was healthy for a while.</summary>
internal static class RestartDelay
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    /// <summary>An app that was healthy for this long starts afresh with the shortest delay.</summary>
    public static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(10);

    /// <param name="deaths">How often it died since it was last forgiven; 1 is the first time.</param>
    public static TimeSpan After(int deaths) =>
        deaths < 1 ? TimeSpan.Zero
        : deaths > 16 ? Longest // 2^16 half seconds are far beyond the limit; more would overflow.
        : TimeSpan.FromTicks(Math.Min(First.Ticks << (deaths - 1), Longest.Ticks));
}
