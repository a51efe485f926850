using Dapr.Workflow;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Workflows.Stacks;

/// <summary>
/// Looks at the services that the deployment under way waits for, tells the stack what was seen, and answers what is next. Run twice, at
/// once or late it does no harm: what was seen for an earlier question counts for nothing.
/// </summary>
internal sealed class AdvanceStack(ActorCalls actors, StackServices services) : WorkflowActivity<string, StackTurn>
{
    private static readonly StackTurn Nothing = new([], Mark: null, IsEnded: true, LooksAgain: false, TimeSpan.Zero);

    public override async Task<StackTurn> RunAsync(WorkflowActivityContext context, string stack)
    {
        if (await actors.Stack(stack, master => master.Asks(), CancellationToken.None) is not { } question) return Nothing;
        var sights = await services.Look(stack, question, CancellationToken.None);
        return await actors.Stack(stack, master => master.Advance(new(question, sights)), CancellationToken.None) ?? Nothing;
    }
}
