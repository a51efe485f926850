using Dapr.Workflow;

namespace Orchestrator.ControlPlane.Workflows.Maintenance;

/// <summary>
/// Takes workers out and back, for hours and days if need be. As that of a stack it decides nothing: what is next it asks each time.
/// </summary>
internal sealed class MaintainWorkers : Workflow<string, string>
{
    public const string Id = "maintenance";

    /// <summary>The event by which it looks again at once.</summary>
    public const string News = "news";

    private const int RoundsAtOnce = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public override async Task<string> RunAsync(WorkflowContext context, string input)
    {
        var news = context.WaitForExternalEventAsync<string>(News);
        for (var round = 0; round < RoundsAtOnce; round++)
        {
            var turn = await Next(context, input);
            if (turn is { IsEnded: true }) return "";
            await Task.WhenAny(news, context.CreateTimer(turn?.Within ?? Pause));
            if (news.IsCompleted) news = context.WaitForExternalEventAsync<string>(News);
        }

        context.ContinueAsNew(input, preserveUnprocessedEvents: true);
        return "";
    }

    /// <summary>None when it could not be told.</summary>
    private static async Task<MaintenanceTurn?> Next(WorkflowContext context, string input)
    {
        try
        {
            return await context.CallActivityAsync<MaintenanceTurn>(nameof(AdvanceMaintenance), input);
        }
        catch (WorkflowTaskFailedException)
        {
            return null;
        }
    }
}

/// <param name="IsEnded">Nothing is left to do until somebody asks for something.</param>
/// <param name="Within">When to look again.</param>
internal sealed record MaintenanceTurn(bool IsEnded, TimeSpan Within);
