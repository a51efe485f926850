using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>
/// Whether the engine works, in words. A wedged one still lists containers and answers pings, so only what it does counts.
/// </summary>
internal sealed partial class EngineCondition(TimeProvider clock, ILogger<EngineCondition> log)
{
    /// <summary>After so long an engine that went silent gets another chance: nothing else would ever show that it works again.</summary>
    private static readonly TimeSpan SecondChance = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private string? away;
    private string? silent;
    private long silentSince;
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The engine has gone or come back.</summary>
    public event Action? Changed;

    /// <summary>All containers have been looked at, after the start or after a gap.</summary>
    public event Action? Seen;

    /// <summary>Why the engine can take nothing; none when it can.</summary>
    public string? Problem
    {
        get
        {
            lock (gate)
            {
                if (silent is not null && clock.GetElapsedTime(silentSince) > SecondChance) silent = null;
                return away ?? silent;
            }
        }
    }

    /// <summary>Whether its containers have been seen once; before that nothing can be said about any instance.</summary>
    public bool Known => seen.Task.IsCompleted;

    /// <summary>Completes when the containers have been seen once.</summary>
    public Task FirstSeen => seen.Task;

    public void Away(string why)
    {
        lock (gate)
        {
            if (away is null) LogAway(why);
            away = why;
        }

        Changed?.Invoke();
    }

    /// <summary>Reached and its containers seen.</summary>
    public void Back()
    {
        lock (gate)
        {
            if (away is not null || !Known) LogBack();
            away = silent = null;
            seen.TrySetResult();
        }

        Changed?.Invoke();
        Seen?.Invoke();
    }

    public void Silent(string why)
    {
        lock (gate)
        {
            if (silent is null) LogSilent(why);
            silent = why;
            silentSince = clock.GetTimestamp();
        }

        Changed?.Invoke();
    }

    /// <summary>It did what it was asked.</summary>
    public void Worked()
    {
        lock (gate) silent = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine is away: {Why}")]
    private partial void LogAway(string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The engine answers")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Error, Message = "The engine seems wedged: {Why}")]
    private partial void LogSilent(string why);
}
