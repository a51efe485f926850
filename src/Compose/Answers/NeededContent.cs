using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Answers;

/// <summary>A secret or a config that must be there before the stack is deployed.</summary>
public sealed record NeededContent
{
    public required ContentKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>True when somebody else puts it.</summary>
    public bool External { get; init; }

    /// <summary>The value, when it is text.</summary>
    public string? Value { get; init; }

    /// <summary>The value as base64, when it is no text.</summary>
    public string? Base64 { get; init; }

    /// <summary>A secret is not told by accident.</summary>
    public override string ToString() => $"{Kind.Word()} {Name}";
}
