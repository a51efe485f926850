using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>Where instances may run and where they should.</summary>
public sealed record PlacementRules
{
    public PlacementStrategy Strategy { get; init; } = PlacementStrategy.Spread;

    /// <summary>
    /// Rules over labels of workers that must hold: <c>zone == eu-1</c>, <c>disk != hdd</c>, <c>zone in (a, b)</c>, <c>gpu</c> (exists).
    /// </summary>
    [MaxLength(200)]
    public ValueList<string> Constraints { get; init; } = [];

    /// <summary>Rules that should hold, with weights.</summary>
    [MaxLength(200)]
    public ValueList<PlacementPreference> Preferences { get; init; } = [];

    /// <summary>Label of workers whose values (zones, racks) should hold equally many instances; none spreads over workers only.</summary>
    [MaxLength(255)]
    public string? SpreadOver { get; init; }

    /// <summary>At most so many instances of this service on one worker; none means no bound. 1 to 5,000.</summary>
    [Range(1, 5000)]
    public int? MaxPerWorker { get; init; }
}

public enum PlacementStrategy
{
    /// <summary>Fewest instances of the service first, then the least loaded worker.</summary>
    Spread,

    /// <summary>The fullest worker that still has room.</summary>
    Binpack,
}

/// <param name="Rule">The same language as constraints.</param>
/// <param name="Weight">-100 (avoid) to 100 (prefer), not 0.</param>
public sealed record PlacementPreference([property: MaxLength(1000)] string Rule, [property: Range(-100, 100)] int Weight = 50);
