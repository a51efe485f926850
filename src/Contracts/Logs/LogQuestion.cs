using Orchestrator.Contracts.Instances;

namespace Orchestrator.Contracts.Logs;

/// <summary>Which lines a worker is to tell, from the logs of its containers of one service or of one instance.</summary>
public sealed record LogQuestion
{
    public required string Service { get; init; }

    /// <summary>Only of this instance; see <see cref="InstanceName"/>.</summary>
    public string? Instance { get; init; }

    /// <summary>Only lines from this moment on, it included; a time as in <see cref="LogLine.Time"/>.</summary>
    public string? Since { get; init; }

    /// <summary>Only so many of each container, the last ones. With 0 nothing is told but where each log ends.</summary>
    public int? Tail { get; init; }

    /// <summary>
    /// False: what is there is told, by time. True: what comes is told as it comes, of instances that are born meanwhile too, until the
    /// instance has ended or nobody listens.
    /// </summary>
    public bool Follow { get; init; }

    /// <summary>Only what was written there.</summary>
    public LogStream? Stream { get; init; }

    /// <summary>By container, what has been told: it is not told again.</summary>
    public IReadOnlyDictionary<string, LogPosition> Told { get; init; } = new Dictionary<string, LogPosition>();
}

/// <summary>How far a log has been told.</summary>
/// <param name="Time">Of the last line.</param>
/// <param name="Lines">How many lines of that very time.</param>
public sealed record LogPosition(string Time, int Lines)
{
    /// <summary>The position after a line of this time.</summary>
    public static LogPosition After(LogPosition? before, string time) =>
        before?.Time == time ? before with { Lines = before.Lines + 1 } : new(time, 1);
}

/// <summary>One line of a worker's answer to a <see cref="LogQuestion"/>. With nothing in it, it says that the worker is there.</summary>
public sealed record LogNews
{
    /// <summary>First of all: how many containers there are to tell of.</summary>
    public int? Containers { get; init; }

    public LogLine? Line { get; init; }

    /// <summary>Of the line: short id of its container.</summary>
    public string? Container { get; init; }

    /// <summary>The line was not asked for and is only told so that its position is known.</summary>
    public bool? Passed { get; init; }

    public LogEnd? End { get; init; }
}

/// <summary>Last of all; an answer without it was cut off.</summary>
public enum LogEnd
{
    /// <summary>All is told.</summary>
    Complete,

    /// <summary>The answer has become long: the rest is to be asked for with what has been told.</summary>
    ToBeContinued,
}
