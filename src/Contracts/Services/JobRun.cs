using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>One run of a job, from its beginning until all of its slots have completed, or one was given up.</summary>
public sealed record JobRun
{
    /// <summary>From 1; also in the names of its instances.</summary>
    public required int Number { get; init; }

    /// <summary>It keeps this one whatever is changed meanwhile.</summary>
    public required int Revision { get; init; }

    /// <summary>How many slots it has.</summary>
    public required int Completions { get; init; }

    /// <summary>How many of them have completed.</summary>
    public int Completed { get; init; }

    public RunState State { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it began: on whose word, or by the schedule.</summary>
    public string Why { get; init; } = "";

    /// <summary>The moment for which the schedule asked; none of a run that somebody asked for.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Why it failed or was ended; none otherwise.</summary>
    public string? Reason { get; init; }
}

public enum RunState
{
    Running,
    Completed,

    /// <summary>A slot was given up, or the deadline is over.</summary>
    Failed,

    /// <summary>Another run took its place.</summary>
    Replaced,
}

/// <summary>An instance of a job that has ended.</summary>
public sealed record EndedInstance
{
    public required string Name { get; init; }
    public required int Slot { get; init; }
    public required int Run { get; init; }
    public required string Worker { get; init; }

    /// <summary>0 to 255; none when it never ran, or nobody knows.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What ended it; none when its worker was lost.</summary>
    public EndCause? Cause { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>What went wrong, in words.</summary>
    public string? Message { get; init; }

    /// <summary>The last lines that it wrote, oldest first; bounded.</summary>
    public ValueList<string> LastLines { get; init; } = [];
}
