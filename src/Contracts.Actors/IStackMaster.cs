using Dapr.Actors;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Actors;

/// <summary>The actor of one stack; its id is the stack's name. It waits for no other actor.</summary>
public interface IStackMaster : IActor
{
    Task<StackAnswer> Change(StackChangeRequest request);

    Task<StackAnswer> Get();

    /// <summary>A line of the list; none when there is no such stack.</summary>
    Task<StackSummary?> Summary();

    /// <summary>None when there is no such stack, or the deployment is not kept any more.</summary>
    Task<StackDeployment?> Deployment(long id);

    /// <summary>Which services the deployment under way has to see now; none when there is nothing to do.</summary>
    Task<StackQuestion?> Asks();

    /// <summary>What was seen, and what follows; none when there is no such stack.</summary>
    Task<StackTurn?> Advance(StackSeen seen);

    /// <summary>What a service is to become; none when the mark does not count any more.</summary>
    Task<StackOrder?> OrderFor(StackServiceMark service);

    /// <summary>A service does not take what it was told, and would not if it were told again.</summary>
    Task Refused(StackRefusal refusal);
}
