using Dapr.Workflow;
using Grpc.Core;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Begins a workflow of which there is one at a time, or tells the one that runs to look again.</summary>
internal static class WorkflowStarts
{
    /// <summary>Of each call: without a sidecar, or a worker that takes workflows, it would wait for ever.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <param name="begins">Whether it begins where none runs.</param>
    public static async Task Look(
        this IDaprWorkflowClient workflows, string workflow, string id, string input, string news, bool begins, CancellationToken cancel)
    {
        var state = await workflows.GetWorkflowStateAsync(id, getInputsAndOutputs: false, cancel);
        if (state is { Exists: true, IsWorkflowCompleted: false })
        {
            await workflows.RaiseEventAsync(id, news, "", cancel);
            return;
        }

        if (!begins) return;
        try
        {
            await workflows.ScheduleNewWorkflowAsync(workflow, id, input, startTime: null, cancel);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // Somebody else was quicker.
        }
    }
}
