using Dapr.Workflow;
using Grpc.Core;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Begins a workflow of which there is one at a time, or tells the one that runs to look again.</summary>
internal static class WorkflowStarts
{
    /// <summary>Of each call: without a sidecar, or a worker that takes workflows, it would wait for ever.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>
    /// One that was told in its last moment ends without having heard it: after so long whoever needs one that runs begins it where it
    /// has ended.
    /// </summary>
    public static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    /// <param name="news">The event by which the one that runs is told.</param>
    /// <returns>Whether one runs.</returns>
    public static async Task<bool> Tell(this IDaprWorkflowClient workflows, string id, string news, CancellationToken cancel)
    {
        if (!await workflows.Runs(id, cancel)) return false;
        await workflows.RaiseEventAsync(id, news, "", cancel);
        return true;
    }

    /// <summary>Begins it unless it runs.</summary>
    public static async Task Begin(
        this IDaprWorkflowClient workflows, string workflow, string id, string input, CancellationToken cancel)
    {
        if (await workflows.Runs(id, cancel)) return;
        try
        {
            await workflows.ScheduleNewWorkflowAsync(workflow, id, input, startTime: null, cancel);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // Somebody else was quicker.
        }
    }

    private static async Task<bool> Runs(this IDaprWorkflowClient workflows, string id, CancellationToken cancel) =>
        await workflows.GetWorkflowStateAsync(id, getInputsAndOutputs: false, cancel) is { Exists: true, IsWorkflowCompleted: false };
}
