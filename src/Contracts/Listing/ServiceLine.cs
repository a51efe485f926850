using Orchestrator.Contracts.Services;

namespace Orchestrator.Contracts.Listing;

/// <summary>What a keeper tells the directory of its service after a turn.</summary>
public sealed record ServiceLine
{
    public required string Name { get; init; }

    /// <summary>Activations of the keeper so far; 0 for who finds no record, 1 for who is about to write the first.</summary>
    public required long Epoch { get; init; }

    /// <summary>Counts what the keeper has told in this activation: of two lines of one epoch the higher one is newer.</summary>
    public required long Turn { get; init; }

    /// <summary>None: there is about to be a service of this name.</summary>
    public ServiceSummary? Summary { get; init; }

    /// <summary>Nothing is left of the service; with epoch 0, there is no record of it.</summary>
    public bool Gone { get; init; }

    /// <summary>When it must look again even if nothing happens; none when only news can change anything.</summary>
    public DateTimeOffset? LookAt { get; init; }

    public bool IsNewerThan(ServiceLine other) => (Epoch, Turn).CompareTo((other.Epoch, other.Turn)) > 0;
}
