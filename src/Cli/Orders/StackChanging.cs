using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Orders;

/// <summary>How every change of a stack is carried out: planned, done, and waited for where that is wished.</summary>
internal static class StackChanging
{
    public static async Task<int> Of(Session session, string name, StackChange change, ChangeOptions options, CancellationToken cancel)
    {
        var terms = options.Terms(session);
        if (session.Get(options.DryRun))
        {
            StackPlans.Show(session.Results, name, await session.Client.Stacks.Plan(name, change, terms, cancel));
            return ExitCodes.Done;
        }

        var deployment = await session.Client.Stacks.Change(name, change, terms, cancel);
        var said = $"{name}: deployment {deployment.Id}, {deployment.Action.Word()}, is {deployment.State.Word()}";
        if (session.Get(options.Wait))
        {
            session.Remark(said);
            var wished = change is CancelDeployment ? DeploymentState.Cancelled : DeploymentState.Done;
            return await StackWaiting.Until(session, name, deployment, wished, session.Get(options.Timeout), cancel);
        }

        session.Results.Next(deployment, name, () => said);
        session.Remark($"→ orc stack inspect {name} tells how far it is");
        return ExitCodes.Done;
    }
}
