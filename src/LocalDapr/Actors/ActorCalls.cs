using LocalDapr.Wire;
using LocalDapr.Apps;
using LocalDapr.Faults;
using LocalDapr.Resiliency;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>Brings a call to the actor's owner, and again when the owner changed or broke meanwhile.</summary>
/// <param name="placement">Knows the owner.</param>
/// <param name="caller">The replica that the calls come through; null for calls of the runtime itself.</param>
/// <param name="policies">The caller's.</param>
/// <param name="faults">What may go wrong on purpose.</param>
/// <param name="clock">Time between attempts.</param>
/// <param name="log">Where to tell why a call is repeated.</param>
internal sealed partial class ActorCalls(
    Placement placement, ActorTable? caller, Policies? policies, FaultHooks? faults, TimeProvider clock, ILogger log)
{
    private const int Retries = 5;
    private const int MostMoves = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Calls the actor; the answer is the app's, whatever its status.</summary>
    /// <exception cref="ApiException">No owner was found, or none answered.</exception>
    public async Task<AppAnswer> CallAsync(ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        if (caller is { IsDeaf: true }) await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
        try
        {
            // The built-in retries are for types that no resiliency policy is written for.
            return policies?.Actor(actor.Type, actor.Id) is { } policy && (policy.Retry is not null || policy.Breaker is not null)
                ? await WithPolicyAsync(policy, actor, call, cancel)
                : await WithBuiltInRetriesAsync(actor, call, cancel);
        }
        catch (StackTooDeepException e)
        {
            throw new ApiException(500, "ERR_ACTOR_STACK_DEPTH", e.Message);
        }
        catch (Exception e) when (e is CallLostException or AppAnswerTooLargeException or TimeoutException or CircuitOpenException)
        {
            throw Failed(e.Message);
        }
    }

    private async Task<AppAnswer> WithBuiltInRetriesAsync(ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        // A change of placement ends a pause early and is no failed attempt; the limit keeps a flapping host from turning this into a spin.
        int failures = 0, changes = 0;
        while (true)
        {
            var change = placement.NextChange;
            var (answer, why) = await OnceAsync(actor, call, cancel);
            if (answer is not null) return answer;
            if (failures >= Retries) throw Failed(why);
            if (await change.IsCompletedWithin(Pause, clock, cancel) && ++changes < MostMoves) continue;
            failures++;
        }
    }

    private async Task<AppAnswer> WithPolicyAsync(Policy policy, ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        // The time-out is the owner's business: it counts from the moment in which the actor's turn begins.
        var (answer, why) = await (policy with { Timeout = null }).RunAsync(
            token => OnceAsync(actor, call, token), (result, _) => result.Answer is not { Status: 200 or 404 }, cancel);
        return answer ?? throw Failed(why);
    }

    private async Task<(AppAnswer? Answer, string Why)> OnceAsync(ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        for (bool moved = false; ; moved = true)
        {
            ActorTable? owner = null;
            try
            {
                owner = await placement.FindOwnerAsync(caller, actor, cancel);
                if (owner is not null) return (await owner.CallAsync(actor, call, cancel), "");
                string noOwner = $"did not find address for actor '{actor}'";
                return (null, $"failed to lookup actor: api error: code = FailedPrecondition desc = {noOwner}");
            }
            catch (ActorMovedException e)
            {
                if (moved) return (null, e.Message);
            }
            catch (AppUnreachableException e)
            {
                if (caller is not null && owner is not null && owner != caller && Hangs(owner, actor, call))
                    await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
                LogUnreachable(actor, e.Message);
                return (null, e.Message);
            }
        }
    }

    private bool Hangs(ActorTable owner, ActorAddress actor, ActorCall call) =>
        faults?.NextCall(FaultKind.HangWhenAppDies, owner.AppId, actor.Type, actor.Id, call.Method) is not null;

    private static ApiException Failed(string why) => new(500, "ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {why}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} did not answer: {Why}; looking for it again")]
    private partial void LogUnreachable(ActorAddress actor, string why);
}
