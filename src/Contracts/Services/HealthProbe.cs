using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>A command that the engine runs inside the container; exit code 0 means healthy.</summary>
public sealed record HealthProbe
{
    /// <summary>Program and arguments, without a shell. Required.</summary>
    [MinLength(1)]
    public ValueList<string> Command { get; init; } = [];

    /// <summary>Pause between two probes; 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A probe that takes longer counts as failed; 1 ms to 1 h.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many failures in a row make the instance unhealthy; 1 to 100.</summary>
    [Range(1, 100)]
    public int Retries { get; init; } = 3;

    /// <summary>Failures do not count for so long after the start; 0 s to 1 h.</summary>
    public TimeSpan StartPeriod { get; init; }
}
