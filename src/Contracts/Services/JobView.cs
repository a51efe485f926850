using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>How a job is: its runs and what ended in them.</summary>
public sealed record JobView
{
    /// <summary>Where the newest run stands: <c>completed 3/5</c>; what is worth knowing beside it follows.</summary>
    public required string Progress { get; init; }

    /// <summary>Those that go on and the last ten that have ended, the newest first.</summary>
    public ValueList<JobRun> Runs { get; init; } = [];

    /// <summary>The last instances that ended, the newest first.</summary>
    public ValueList<EndedInstance> Ended { get; init; } = [];

    /// <summary>None without a schedule.</summary>
    public ScheduleView? Schedule { get; init; }
}

/// <summary>When a job runs by itself.</summary>
public sealed record ScheduleView
{
    /// <summary>When the next run is due; none while it is paused, and when there is no further one.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>When the last run that it began was due; none before the first.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>By whom it is paused and why; none while it goes on.</summary>
    public string? Paused { get; init; }

    /// <summary>What keeps it from being followed, in words; none when nothing does.</summary>
    public string? Problem { get; init; }
}
