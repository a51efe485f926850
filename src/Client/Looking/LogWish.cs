using Orchestrator.Contracts.Logs;

namespace Orchestrator.Client.Looking;

/// <summary>Which lines are wanted.</summary>
public sealed record LogWish
{
    /// <summary>Goes on with what comes.</summary>
    public bool Follow { get; init; }

    /// <summary>So many of each instance, the last ones, 0 to 100,000; none is 100, or all where <see cref="Since"/> is given.</summary>
    public int? Tail { get; init; }

    /// <summary>From this moment on, it included: RFC 3339 with up to nanoseconds, or how long ago, such as <c>10m</c>.</summary>
    public string? Since { get; init; }

    /// <summary>Of a service: only of this instance.</summary>
    public string? Instance { get; init; }

    /// <summary>Only what was written there.</summary>
    public LogStream? Stream { get; init; }
}
