using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Answers;

/// <summary>What compose files come to: a stack, or problems.</summary>
public sealed record Composed
{
    /// <summary>Name of the stack; empty when it could not be found out.</summary>
    public string Name { get; init; } = "";

    /// <summary>None when there are problems.</summary>
    public StackSpec? Stack { get; init; }

    /// <summary>Secrets and configs that the stack uses: to be put before it, or to be there already.</summary>
    public ValueList<NeededContent> Content { get; init; } = [];

    /// <summary>What is done otherwise than it is written, and what is worth knowing.</summary>
    public ValueList<Remark> Remarks { get; init; } = [];

    /// <summary>Why there is no stack; empty when there is one.</summary>
    public ValueList<ComposeProblem> Problems { get; init; } = [];
}
