namespace Orchestrator.ControlPlane.Records;

/// <param name="Until">The worker is not chosen for this service before.</param>
/// <param name="IsFailure">The worker could not run an instance; when no worker can, it is the instance's failure.</param>
/// <param name="Refusals">How often in a row it refused what no room would change: each time it is left alone for longer.</param>
internal sealed record Exclusion(string Worker, DateTimeOffset Until, string Why, bool IsFailure = false, int Refusals = 0)
{
    /// <summary>So long a worker that refused is not asked again.</summary>
    public static TimeSpan RefusalLasts { get; } = TimeSpan.FromSeconds(10);

    /// <summary>However often it refuses, it is asked once in so long: its operator may have changed his mind.</summary>
    public static TimeSpan LongestRefusal { get; } = TimeSpan.FromMinutes(5);

    public static Exclusion Refused(string worker, string why, DateTimeOffset now, int times)
    {
        var pause = RefusalLasts * Math.Pow(2, Math.Clamp(times - 1, 0, 10));
        return new(worker, now + (pause < LongestRefusal ? pause : LongestRefusal), why, Refusals: times);
    }

    /// <summary>In force, or over so lately that another refusal would be one more in a row.</summary>
    public bool IsKept(DateTimeOffset now) => Until > now || (Refusals > 0 && Until + LongestRefusal > now);

    /// <summary>Another revision may be another thing to the worker: it is tried there.</summary>
    public bool EndsWithRevision => IsFailure || Refusals > 0;
}
