using Dapr.Workflow;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Workflows.Stacks;

/// <summary>
/// Tells one service what the deployment wants of it. Run twice, at once or late it has one effect: the service keeps the mark of what it
/// was told last.
/// </summary>
/// <returns>False when it could not be told now.</returns>
internal sealed class TellService(ActorCalls actors, StackServices services) : WorkflowActivity<ServiceOfStack, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, ServiceOfStack it)
    {
        var order = await actors.Stack(it.Stack, master => master.OrderFor(new(it.Service, it.Mark)), CancellationToken.None);
        if (order is null) return true;
        try
        {
            if (await services.Tell(it.Stack, it.Service, order, CancellationToken.None) is not { } refusal) return true;
            await actors.Stack(it.Stack, async master =>
            {
                await master.Refused(new(it.Service, it.Mark, refusal));
                return true;
            }, CancellationToken.None);
            return true;
        }
        catch (NoAnswerException)
        {
            return false;
        }
    }
}
