using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Members;

/// <summary>Something about a worker changed, and these services should decide again.</summary>
internal sealed record MemberChange
{
    public required string Worker { get; init; }

    /// <summary>What happened, in words: <c>joined</c>, <c>lost</c>, <c>has room</c>.</summary>
    public required string What { get; init; }

    /// <summary>Services that have instances there or wait for room anywhere.</summary>
    public ValueList<string> Services { get; init; } = [];
}
