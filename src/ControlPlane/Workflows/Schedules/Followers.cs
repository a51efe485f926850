using Dapr.Workflow;
using Grpc.Core;

namespace Orchestrator.ControlPlane.Workflows.Schedules;

/// <summary>The workflows that follow schedules, one for each job at most.</summary>
internal interface IFollowers
{
    /// <exception cref="FollowersException">It cannot be told.</exception>
    Task<Follower> Find(string service, CancellationToken cancel);

    /// <summary>One begins, in the place of one that has ended; nothing happens where one goes on.</summary>
    /// <inheritdoc cref="Find"/>
    Task Start(FollowedSchedule schedule, CancellationToken cancel);

    /// <summary>The one that goes on is to look again.</summary>
    /// <inheritdoc cref="Find"/>
    Task Tell(FollowedSchedule schedule, CancellationToken cancel);

    /// <summary>Ends one that goes on.</summary>
    /// <inheritdoc cref="Find"/>
    Task End(string service, CancellationToken cancel);

    /// <summary>Nothing is left of one that has ended.</summary>
    /// <inheritdoc cref="Find"/>
    Task Purge(string service, CancellationToken cancel);
}

/// <param name="Told">The schedule that it follows; none when that cannot be told.</param>
internal sealed record Follower(FollowerState State, string? Told = null);

internal enum FollowerState { None, GoesOn, Ended }

/// <summary>Why nobody follows schedules at present, in words.</summary>
internal sealed class FollowersException(string message, Exception? inner = null) : Exception(message, inner);

internal sealed class Followers(IDaprWorkflowClient workflows, TimeProvider clock) : IFollowers
{
    /// <summary>Without a sidecar, or without anybody who carries workflows out, there is never an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task<Follower> Find(string service, CancellationToken cancel) => Ask(async within =>
    {
        var state = await workflows.GetWorkflowStateAsync(Id(service), getInputsAndOutputs: true, within);
        return state is not { Exists: true } ? new Follower(FollowerState.None)
            : new Follower(state.IsWorkflowCompleted ? FollowerState.Ended : FollowerState.GoesOn, ToldIn(state));
    }, cancel);

    public Task Start(FollowedSchedule schedule, CancellationToken cancel) => Ask(async within =>
    {
        try
        {
            return await workflows.ScheduleNewWorkflowAsync(nameof(FollowSchedule), Id(schedule.Service), schedule, null, within);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            return "";
        }
    }, cancel);

    public Task Tell(FollowedSchedule schedule, CancellationToken cancel) =>
        AskIfThere(within => workflows.RaiseEventAsync(Id(schedule.Service), FollowSchedule.Changed, schedule.Told, within), cancel);

    public Task End(string service, CancellationToken cancel) =>
        AskIfThere(within => workflows.TerminateWorkflowAsync(Id(service), null, within), cancel);

    public Task Purge(string service, CancellationToken cancel) =>
        AskIfThere(within => workflows.PurgeInstanceAsync(Id(service), within), cancel);

    /// <summary>A name of a service is at most 40 characters long, and all that may be in it may be in an id.</summary>
    private static string Id(string service) => $"schedule-{service}";

    private static string? ToldIn(WorkflowState state)
    {
        try
        {
            return state.ReadInputAs<FollowedSchedule>()?.Told;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>What is gone meanwhile need not be asked.</summary>
    private Task<bool> AskIfThere(Func<CancellationToken, Task> ask, CancellationToken cancel) => Ask(async within =>
    {
        try
        {
            await ask(within);
            return true;
        }
        catch (RpcException e) when (e.Status.Detail.Contains("no such instance exists", StringComparison.Ordinal))
        {
            return false;
        }
    }, cancel);

    private async Task<T> Ask<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await ask(within.Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            throw new FollowersException("the sidecar serves no workflows", e);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            var why = e is RpcException { Status.Detail: { Length: > 0 } detail } ? detail
                : $"no answer within {Patience.TotalSeconds:0} s";
            throw new FollowersException($"workflows do not answer at present: {why}", e);
        }
    }
}
