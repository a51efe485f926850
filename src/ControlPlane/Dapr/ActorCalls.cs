using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// Calls to actors with a deadline each and a budget of retries: while an actor moves to another master, calls to it fail at once or hang.
/// Only idempotent calls go through here.
/// </summary>
internal sealed partial class ActorCalls(IActorProxyFactory proxies, TimeProvider clock, ILogger<ActorCalls> log)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(800);

    public Task<T> Service<T>(string name, Func<IServiceMaster, Task<T>> call, CancellationToken cancel) =>
        Call(DaprNames.ServiceMaster, new ActorId(name), call, cancel);

    public Task Service(string name, Func<IServiceMaster, Task> call, CancellationToken cancel) =>
        Service(name, async master => { await call(master); return true; }, cancel);

    public Task<T> Registry<T>(Func<IMemberRegistry, Task<T>> call, CancellationToken cancel, TimeSpan? within = null) =>
        Call(DaprNames.MemberRegistry, new ActorId(DaprNames.FirstShard), call, cancel, within);

    public Task Registry(Func<IMemberRegistry, Task> call, CancellationToken cancel, TimeSpan? within = null) =>
        Registry(async registry => { await call(registry); return true; }, cancel, within);

    public Task<T> Directory<T>(Func<IServiceDirectory, Task<T>> call, CancellationToken cancel) =>
        Call(DaprNames.ServiceDirectory, new ActorId(DaprNames.FirstShard), call, cancel);

    public Task Directory(Func<IServiceDirectory, Task> call, CancellationToken cancel) =>
        Directory(async directory => { await call(directory); return true; }, cancel);

    /// <exception cref="ActorUnavailableException">No answer within the budget.</exception>
    private async Task<TResult> Call<TActor, TResult>(
        string type, ActorId id, Func<TActor, Task<TResult>> call, CancellationToken cancel, TimeSpan? within = null)
        where TActor : IActor
    {
        var budget = within ?? Budget;
        var deadline = budget < Deadline ? budget : Deadline;
        var started = clock.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await call(proxies.CreateActorProxy<TActor>(id, type)).WaitAsync(deadline, clock, cancel);
            }
            catch (Exception e) when (IsPassing(e) && !cancel.IsCancellationRequested)
            {
                if (clock.GetElapsedTime(started) + pause > budget) throw new ActorUnavailableException(type, id.GetId(), e);
                LogRetry(type, id.GetId(), e.Message);
            }

            await Task.Delay(pause, clock, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static bool IsPassing(Exception e) => e is DaprException or HttpRequestException or TimeoutException or TaskCanceledException;

    [LoggerMessage(LogLevel.Debug, "Call to {ActorType} {ActorId} failed and is tried again: {Error}")]
    private partial void LogRetry(string actorType, string actorId, string error);
}

/// <summary>An actor gave no answer within the budget: it is moving, or too few masters are left.</summary>
public sealed class ActorUnavailableException(string type, string id, Exception inner)
    : Exception($"{type} '{id}' does not answer at present: {inner.Message}", inner);
