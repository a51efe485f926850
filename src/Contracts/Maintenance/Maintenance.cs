using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Maintenance;

/// <summary>What <c>POST /workers/{name}/maintenance</c> takes.</summary>
/// <param name="Reason">Why, for those who look; may be empty.</param>
/// <param name="Deadline">So long it may take until the worker is empty; 1 m to 168 h, by default 30 m.</param>
public sealed record MaintenanceWish([property: MaxLength(1000)] string Reason = "", TimeSpan? Deadline = null);

/// <summary>What <c>POST /maintenance</c> takes.</summary>
/// <param name="Workers">The workers in their order; none, or <c>"all"</c>, means all that are known, by name.</param>
/// <param name="AtATime">So many are away at a time; 1 to 100.</param>
/// <param name="Reason">Why, for those who look; may be empty.</param>
/// <param name="Deadline">
/// So long it may take until a worker is empty, and then until it has come back; 1 m to 168 h, by default 30 m.
/// </param>
public sealed record MaintenanceRoundWish(
    [property: MaxLength(1000)] ValueList<string>? Workers = null, [property: Range(1, 100)] int AtATime = 1,
    [property: MaxLength(1000)] string Reason = "", TimeSpan? Deadline = null)
{
    /// <summary>What may stand in place of a list of workers.</summary>
    public const string All = "all";
}

/// <summary>One worker that is taken out, or is out.</summary>
public sealed record MaintenanceView
{
    public required string Worker { get; init; }

    public required MaintenanceState State { get; init; }

    /// <summary>Since when it is in that state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Who { get; init; }

    public required DateTimeOffset At { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>So long it may take until the worker is empty; in a round, also until it has come back.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Whether it is one of a round, which ends it when the worker has come back.</summary>
    public bool IsOfRound { get; init; }

    /// <summary>What is still there and why, a sentence for each instance.</summary>
    public ValueList<string> Holds { get; init; } = [];

    /// <summary>Why it has failed.</summary>
    public string? Note { get; init; }
}

public enum MaintenanceState
{
    /// <summary>What is there is moved; nothing new comes.</summary>
    Draining,

    /// <summary>Nothing is there: the machine may be worked on, and switched off.</summary>
    Ready,

    /// <summary>It is over: the worker takes instances again in a moment.</summary>
    Ending,

    /// <summary>It was not empty, or not back, in time; it stays drained until somebody decides.</summary>
    Failed,
}

/// <summary>Workers that are taken out one after the other.</summary>
public sealed record MaintenanceRound
{
    public required MaintenanceRoundState State { get; init; }

    public required string Who { get; init; }

    public required DateTimeOffset At { get; init; }

    public string Reason { get; init; } = "";

    public required int AtATime { get; init; }

    public required TimeSpan Deadline { get; init; }

    /// <summary>Those whose turn has not come, in their order.</summary>
    public ValueList<string> Waiting { get; init; } = [];

    /// <summary>Those that are back.</summary>
    public ValueList<string> Done { get; init; } = [];

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it stopped.</summary>
    public string? Note { get; init; }
}

public enum MaintenanceRoundState { Running, Done, Failed, Stopped }

/// <summary>Answer to <c>GET /maintenance</c>.</summary>
/// <param name="Workers">Those that are taken out or are out, by name.</param>
/// <param name="Round">The round under way, or the last one; none when there has been none.</param>
public sealed record MaintenanceList(ValueList<MaintenanceView> Workers, MaintenanceRound? Round);
