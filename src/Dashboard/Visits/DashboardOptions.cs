namespace Orchestrator.Dashboard.Visits;

/// <summary>What the page is told by the master that serves it.</summary>
public sealed record DashboardOptions
{
    /// <summary>Name of that master.</summary>
    public required string Master { get; init; }

    /// <summary>Its API, as it is reached from the same machine.</summary>
    public required Uri Api { get; init; }

    /// <summary>The same, as others reach it.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>Whose token it is; none when nobody's. Asked with none it tells who comes without one.</summary>
    public required Func<string?, Visitor?> Recognize { get; init; }
}
