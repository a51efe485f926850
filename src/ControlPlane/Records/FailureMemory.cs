namespace Orchestrator.ControlPlane.Records;

/// <summary>A few figures instead of a list, so that a slot that fails for weeks stays small.</summary>
internal sealed record FailureMemory
{
    /// <summary>Ends by themselves in a row, none of them after a healthy while.</summary>
    public required int InARow { get; init; }

    /// <summary>Ends since <see cref="Since"/>, which is at most one window ago.</summary>
    public required int Count { get; init; }

    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset Last { get; init; }

    /// <summary>Nothing is started in the slot before this moment.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Where the last one ended, and how many in a row ended there.</summary>
    public required string Worker { get; init; }

    public required int OnWorker { get; init; }

    /// <summary>How the last one ended: <c>exit code 1: no such file</c>.</summary>
    public required string What { get; init; }
}
