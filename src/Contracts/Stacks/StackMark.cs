namespace Orchestrator.Contracts.Stacks;

/// <summary>
/// What a service has last been told by its stack. A later mark fences off every earlier one: an order of a deployment that has been given
/// up, however late it comes, changes nothing.
/// </summary>
/// <param name="Stack">The stack.</param>
/// <param name="Deployment">Its deployment.</param>
/// <param name="Round">Within the deployment: 0 on the first try forward; one more for each further try and for the way back.</param>
/// <param name="Revision">The revision of the service that followed; 0 on the way to the service, and of one that was removed.</param>
public sealed record StackMark(string Stack, long Deployment, int Round, int Revision = 0)
{
    public bool IsSameAs(StackMark? other) =>
        other is not null && (Stack, Deployment, Round) == (other.Stack, other.Deployment, other.Round);

    /// <summary>Whether an order with the other mark comes too late.</summary>
    public bool IsAfter(StackMark other) =>
        Stack == other.Stack && (Deployment, Round).CompareTo((other.Deployment, other.Round)) > 0;
}
