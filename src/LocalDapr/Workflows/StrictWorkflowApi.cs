using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using LocalDapr.Scheduling;
using LocalDapr.Wire;

namespace LocalDapr.Workflows;

/// <summary>
/// The older way to workflows, over HTTP and beside the other building blocks of gRPC: ids are checked, refusals have codes, and nobody
/// waits for a worker.
/// </summary>
internal sealed class StrictWorkflowApi(WorkflowApi workflows, TimeProvider clock)
{
    private const int LongestId = 64;
    private const string StartTime = "dapr.workflow.start_time";

    public async Task<string> StartAsync(
        string name, string? id, string input, IReadOnlyDictionary<string, string>? options, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(id)) id = Guid.NewGuid().ToString();
        else CheckNewId(id);
        if (name.Length == 0) throw new ApiException(400, "ERR_WORKFLOW_NAME_MISSING", "workflow name is not configured");
        var wish = new CreateInstanceRequest { InstanceId = id, Name = name, Input = input };
        if (options?.GetValueOrDefault(StartTime) is { } text)
        {
            if (!DaprTime.TryDue(text, clock.GetUtcNow(), out var at))
            {
                throw Failed(
                    "ERR_START_WORKFLOW", $"error starting workflow '{name}'",
                    "start times must be in RFC3339 format (e.g. \"2009-11-10T23:00:00Z\")");
            }

            wish.ScheduledStartTimestamp = at.ToTimestamp();
        }

        await GuardAsync("ERR_START_WORKFLOW", $"error starting workflow '{name}'", () => workflows.StartAsync(wish, wait: false, cancel));
        return id;
    }

    /// <summary>What is known of it.</summary>
    /// <exception cref="ApiException">There is no such instance.</exception>
    public WorkflowState Get(string id)
    {
        CheckId(id);
        return workflows.Get(id, withValues: true).WorkflowState ?? throw NotFound(id);
    }

    public Task RaiseAsync(string id, string name, string? input)
    {
        CheckId(id);
        if (name.Length == 0) throw new ApiException(400, "ERR_WORKFLOW_EVENT_NAME_MISSING", "missing workflow event name");
        return GuardAsync(
            "ERR_RAISE_EVENT_WORKFLOW", $"error raising event on workflow '{id}': failed to raise event {name} on workflow {id}",
            () => workflows.RaiseAsync(id, name, input));
    }

    public Task PauseAsync(string id)
    {
        CheckId(id);
        return GuardAsync(
            "ERR_PAUSE_WORKFLOW", $"error pausing workflow {id}: failed to pause workflow {id}", () => workflows.SuspendAsync(id, ""));
    }

    public Task ResumeAsync(string id)
    {
        CheckId(id);
        return GuardAsync(
            "ERR_RESUME_WORKFLOW", $"error resuming workflow {id}: failed to resume workflow {id}", () => workflows.ResumeAsync(id, ""));
    }

    public Task TerminateAsync(string id)
    {
        if (!Exists(id)) throw NotFound(id);
        return GuardAsync(
            "ERR_TERMINATE_WORKFLOW", $"error terminating workflow '{id}': failed to terminate workflow {id}",
            () => workflows.TerminateAsync(id, output: null, recursive: true));
    }

    public Task PurgeAsync(string id)
    {
        if (!Exists(id)) throw NotFound(id);
        return GuardAsync(
            "ERR_PURGE_WORKFLOW", $"error purging workflow {id}: failed to purge workflow {id}",
            () => workflows.PurgeAsync(id, recursive: true, force: false));
    }

    /// <summary>Details of an instance by the names that this API gives them.</summary>
    public static IEnumerable<(string Name, string Value)> Properties(WorkflowState state)
    {
        if (state.CustomStatus is { } status) yield return ("dapr.workflow.custom_status", status);
        if (state.Input is { } input) yield return ("dapr.workflow.input", input);
        if (state.FailureDetails is not { } failure)
        {
            if (state.Output is { } output) yield return ("dapr.workflow.output", output);
            yield break;
        }

        yield return ("dapr.workflow.failure.error_type", failure.ErrorType);
        yield return ("dapr.workflow.failure.error_message", failure.ErrorMessage);
        if (failure.StackTrace is { } trace) yield return ("dapr.workflow.failure.stack_trace", trace);
    }

    /// <summary>A status by the name that this API gives it; one has none.</summary>
    public static string Name(OrchestrationStatus status) => status switch
    {
        OrchestrationStatus.ContinuedAsNew => "CONTINUED_AS_NEW",
        OrchestrationStatus.Stalled => "UNKNOWN",
        _ => status.ToString().ToUpperInvariant(),
    };

    private static ApiException NotFound(string id) =>
        new(404, "ERR_INSTANCE_ID_NOT_FOUND", $"unable to find workflow with the provided instance ID: {id}");

    private static ApiException Failed(string code, string what, string why) => new(500, code, $"{what}: {why}");

    private static void CheckId(string id)
    {
        if (id.Length == 0) throw new ApiException(400, "ERR_INSTANCE_ID_PROVIDED_MISSING", "no instance ID was provided");
    }

    private static void CheckNewId(string id)
    {
        if (id.Length > LongestId)
        {
            throw new ApiException(
                400, "ERR_INSTANCE_ID_TOO_LONG", $"workflow instance ID exceeds the max length of {LongestId} characters");
        }

        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new ApiException(
                400, "ERR_INSTANCE_ID_INVALID",
                $"workflow instance ID '{id}' is invalid: only alphanumeric and underscore characters are allowed");
        }
    }

    private static async Task GuardAsync(string code, string what, Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (WorkflowException e)
        {
            throw Failed(code, what, e.Message);
        }
    }

    private bool Exists(string id)
    {
        CheckId(id);
        return workflows.Get(id, withValues: false).Exists;
    }
}
