using Dapr.Workflow;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.ControlPlane.Workflows.Stacks;

/// <summary>
/// Carries the deployments of one stack out, and whatever takes their place. It decides nothing and knows nothing: what is next it asks
/// each time, from the record of the stack and from how its services are. So it may be begun anew at any time, and code that is being
/// replaced does no harm to what is under way.
/// </summary>
internal sealed class DeployStack : Workflow<string, string>
{
    /// <summary>The event by which it looks again at once. What has happened it does not tell: that is asked.</summary>
    public const string News = "news";

    /// <summary>After so many rounds the history begins anew.</summary>
    private const int RoundsAtOnce = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static string IdOf(string stack) => $"stack-{stack}";

    public override async Task<string> RunAsync(WorkflowContext context, string stack)
    {
        var news = context.WaitForExternalEventAsync<string>(News);
        for (var round = 0; round < RoundsAtOnce; round++)
        {
            var pause = Pause;
            if (await Next(context, stack) is { } turn)
            {
                context.SetCustomStatus(turn.Progress);
                if (turn.IsEnded) return $"{turn.Progress?.State}";
                if (await Told(context, stack, turn)) continue;
                if (turn.Apply.Count == 0) pause = turn.Within;
            }

            // A timer that is over too late does nothing; to wait for anything but the engine here would be to wait for ever.
            await Task.WhenAny(news, context.CreateTimer(pause));
            if (news.IsCompleted) news = context.WaitForExternalEventAsync<string>(News);
        }

        context.ContinueAsNew(stack, preserveUnprocessedEvents: true);
        return "";
    }

    /// <summary>None when it could not be told.</summary>
    private static async Task<StackTurn?> Next(WorkflowContext context, string stack)
    {
        try
        {
            return await context.CallActivityAsync<StackTurn>(nameof(AdvanceStack), stack);
        }
        catch (WorkflowTaskFailedException)
        {
            return null;
        }
    }

    /// <summary>Tells the services side by side; whether it is worth looking again at once.</summary>
    private static async Task<bool> Told(WorkflowContext context, string stack, StackTurn turn)
    {
        if (turn.Apply.Count == 0) return turn.LooksAgain;
        var told = await Task.WhenAll(turn.Apply.Select(service => Tell(context, new(stack, service, turn.Mark!))));
        return Array.TrueForAll(told, it => it);
    }

    private static async Task<bool> Tell(WorkflowContext context, ServiceOfStack service)
    {
        try
        {
            return await context.CallActivityAsync<bool>(nameof(TellService), service);
        }
        catch (WorkflowTaskFailedException)
        {
            return false;
        }
    }
}

/// <param name="Service">Its name within the stack.</param>
internal sealed record ServiceOfStack(string Stack, string Service, StackMark Mark);
