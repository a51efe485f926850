namespace LocalDapr.Resiliency;

/// <summary>How often and how quickly something is tried again.</summary>
/// <param name="Most">Retries after the first try; negative without end.</param>
/// <param name="Pause">The wait, or the first one when it grows.</param>
/// <param name="Exponential">Whether the wait grows by half each time.</param>
/// <param name="LongestPause">Where it stops growing.</param>
internal sealed record RetryPolicy(int Most, TimeSpan Pause, bool Exponential = false, TimeSpan? LongestPause = null)
{
    /// <summary>The status codes of an app's answer that are tried again; null for all that are not 2xx.</summary>
    public IReadOnlyList<(int From, int To)>? Codes { get; init; }

    public bool Matches(int status) => Codes is null ? status is < 200 or > 299 : Codes.Any(c => c.From <= status && status <= c.To);

    public bool Allows(int attempt) => Most < 0 || attempt <= Most;

    /// <summary>The wait after the attempt of this number, the first being 1.</summary>
    public TimeSpan Wait(int attempt)
    {
        if (!Exponential) return Pause;
        var longest = LongestPause ?? TimeSpan.FromSeconds(60);
        double wait = Pause.TotalMilliseconds * Math.Pow(1.5, Math.Min(attempt - 1, 60));
        return wait >= longest.TotalMilliseconds ? longest : TimeSpan.FromMilliseconds(wait);
    }
}
