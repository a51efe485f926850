namespace Orchestrator.Contracts.Instances;

/// <summary>What one probe of an instance found.</summary>
/// <param name="At">When it ended, by the worker's clock.</param>
/// <param name="Ok">Whether the instance is well by it.</param>
/// <param name="Output">
/// The answer or what went wrong, in a line of at most 200 characters: <c>503 Service Unavailable: no database</c>.
/// </param>
public sealed record ProbeResult(ProbeKind Kind, DateTimeOffset At, bool Ok, TimeSpan Took, string Output);

public enum ProbeKind
{
    /// <summary>Decides whether the instance is ready and whether it is replaced.</summary>
    Health,

    /// <summary>Decides only whether it is in rotation.</summary>
    Readiness,
}
