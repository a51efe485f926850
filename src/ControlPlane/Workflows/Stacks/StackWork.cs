using Dapr.Workflow;
using Grpc.Core;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.ControlPlane.Workflows.Stacks;

/// <summary>
/// Begins the workflow of a stack, or has it look again; one call at a time for each stack, outside all turns. Whatever goes wrong, the
/// reminder of the stack asks again.
/// </summary>
/// <param name="stopping">Cancelled when the master ends.</param>
internal sealed partial class StackWork(
    IDaprWorkflowClient workflows, TimeProvider clock, ILogger<StackWork> log, CancellationToken stopping) : IStackWork, IStackNews
{
    private readonly Lock gate = new();

    /// <summary>By stack whether it is to be begun, and not only to be told.</summary>
    private readonly Dictionary<string, bool> wanted = new(StringComparer.Ordinal);
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);

    public void Begin(string stack) => Want(stack, begins: true);

    public void Tell(string stack) => Want(stack, begins: false);

    private void Want(string stack, bool begins)
    {
        lock (gate)
        {
            wanted[stack] = begins || wanted.GetValueOrDefault(stack);
            if (!underWay.Add(stack)) return;
        }

        _ = Run(stack);
    }

    private async Task Run(string stack)
    {
        // Whoever asks is in the middle of a turn.
        await Task.Yield();
        while (TryTake(stack, out var begins))
        {
            if (await Look(stack, DeployStack.News, begins) && begins) _ = LookSoon(stack);
        }
    }

    /// <summary>Begins it where it was in its last moment when it was told.</summary>
    private async Task LookSoon(string stack)
    {
        await Task.Delay(WorkflowStarts.LastMoment, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCancellationRequested) await Look(stack, news: null, begins: true);
    }

    private bool TryTake(string stack, out bool begins)
    {
        lock (gate)
        {
            if (wanted.Remove(stack, out begins)) return true;
            underWay.Remove(stack);
            return false;
        }
    }

    /// <summary>Whether one ran.</summary>
    private async Task<bool> Look(string stack, string? news, bool begins)
    {
        try
        {
            using var late = new CancellationTokenSource(WorkflowStarts.Deadline, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
            return await workflows.Look(nameof(DeployStack), DeployStack.IdOf(stack), stack, news, begins, either.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or TimeoutException)
        {
            if (begins && !stopping.IsCancellationRequested) LogLater(stack, e.Message);
        }
        catch (Exception e)
        {
            LogDefect(stack, e);
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning, "The workflow of stack {Stack} cannot be begun now, it is tried again: {Error}")]
    private partial void LogLater(string stack, string error);

    [LoggerMessage(LogLevel.Error, "The workflow of stack {Stack} could not be reached in a way that nobody expected")]
    private partial void LogDefect(string stack, Exception e);
}
