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

    /// <param name="news">The event by which the one that runs is told; none when it is not to be told.</param>
    /// <param name="begins">Whether it begins where none runs.</param>
    /// <returns>Whether one ran.</returns>
    public static async Task<bool> Look(
        this IDaprWorkflowClient workflows, string workflow, string id, string input, string? news, bool begins, CancellationToken cancel)
    {
        var state = await workflows.GetWorkflowStateAsync(id, getInputsAndOutputs: false, cancel);
        if (state is { Exists: true, IsWorkflowCompleted: false })
        {
            if (news is not null) await workflows.RaiseEventAsync(id, news, "", cancel);
            return true;
        }

        if (!begins) return false;
        try
        {
            await workflows.ScheduleNewWorkflowAsync(workflow, id, input, startTime: null, cancel);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // Somebody else was quicker.
        }

        return false;
    }
}
