using Orchestrator.Contracts.Services;

namespace Orchestrator.Dashboard.Changes;

/// <summary>Something that somebody wants, whose plan is shown before it is done.</summary>
/// <param name="Title">What it is: <c>Restart web</c>.</param>
/// <param name="Words">What it means, in a sentence; may be empty.</param>
/// <param name="Plan">What would be done; nothing is. It is given why, which may be empty.</param>
/// <param name="Act">Does it.</param>
public sealed record PlannedChange(
    string Title, string Words, Func<string, CancellationToken, Task<PlanView>> Plan, Func<string, CancellationToken, Task> Act)
{
    /// <summary>Whether somebody may say why, for the history.</summary>
    public bool TakesWhy { get; init; }

    /// <summary>Whether it takes away what does not come back.</summary>
    public bool IsGrave { get; init; }
}
