namespace Orchestrator.Contracts.Logs;

/// <summary>A line that an instance wrote.</summary>
public sealed record LogLine
{
    /// <summary>Who wrote it; empty in a note that is about no instance.</summary>
    public required string Instance { get; init; }

    public required LogStream Stream { get; init; }

    /// <summary>
    /// When, by its worker's clock, in nanoseconds: <c>2026-01-01T12:00:00.000000001Z</c>. Two of them compare as texts do.
    /// </summary>
    public required string Time { get; init; }

    /// <summary>Without its end; bytes that are no UTF-8 are replaced.</summary>
    public required string Line { get; init; }

    /// <summary>True when it goes on in the next line of its instance, for it is longer than 64 KiB.</summary>
    public bool? Continued { get; init; }
}

/// <summary>Where a line was written.</summary>
public enum LogStream
{
    /// <summary>To standard output; of an instance with a terminal everything.</summary>
    Stdout,

    /// <summary>To standard error.</summary>
    Stderr,

    /// <summary>Nowhere: it is a remark of ours, on what is missing.</summary>
    Note,
}
