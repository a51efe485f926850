using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Dashboard.Changes;

/// <summary>Something that somebody wants, whose plan is shown before it is done.</summary>
/// <param name="Title">What it is: <c>Restart web</c>.</param>
/// <param name="Words">What it means, in a sentence; may be empty.</param>
/// <param name="Plan">What would be done; nothing is. It is given why, which may be empty. None where that is said by the words.</param>
/// <param name="Act">Does it.</param>
public sealed record PlannedChange(
    string Title, string Words, Func<string, CancellationToken, Task<PlanView>>? Plan, Func<string, CancellationToken, Task> Act)
{
    /// <summary>The same of a stack, wave after wave.</summary>
    public Func<string, CancellationToken, Task<StackPlanView>>? Waves { get; init; }

    /// <summary>What else is to be known before it is done, a sentence each.</summary>
    public ValueList<string> Remarks { get; init; } = [];

    /// <summary>Whether somebody may say why, for the history.</summary>
    public bool TakesWhy { get; init; }

    /// <summary>Whether it takes away what does not come back.</summary>
    public bool IsGrave { get; init; }
}
