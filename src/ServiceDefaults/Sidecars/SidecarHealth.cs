namespace Orchestrator.ServiceDefaults.Sidecars;

/// <summary>
/// What this process knows of its sidecar: whether calls through it can succeed at present, and what happened to it of late.
/// </summary>
public sealed class SidecarHealth(TimeProvider clock)
{
    private static readonly TimeSpan NotedFor = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private long answers;
    private volatile string? problem;
    private (long At, string What)? last;

    /// <summary>How many calls to actors have been answered: well or not, the sidecar has brought them there and back.</summary>
    public long Answers => Interlocked.Read(ref answers);

    /// <summary>Why no call through the sidecar can succeed, a part of a sentence; none when one can.</summary>
    public string? Problem => problem;

    /// <summary>What a person should know of the last ten minutes; none when there is nothing.</summary>
    public string? Note
    {
        get
        {
            lock (gate)
            {
                return problem ?? (last is var (at, what) && clock.GetElapsedTime(at) is var ago && ago < NotedFor
                    ? $"{what}, {ago.TotalSeconds:0} s ago" : null);
            }
        }
    }

    public void Answered()
    {
        Interlocked.Increment(ref answers);
        if (problem is not null) problem = null;
    }

    /// <summary>From now on, and until a call is answered, nothing is to be expected of the sidecar.</summary>
    public void Fails(string why) => problem = why;

    /// <summary>Something that outlives the trouble, a part of a sentence.</summary>
    public void Happened(string what)
    {
        lock (gate) last = (clock.GetTimestamp(), what);
    }
}
