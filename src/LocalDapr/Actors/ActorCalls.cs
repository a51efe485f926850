using LocalDapr.Api;
using LocalDapr.Apps;
using LocalDapr.Faults;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>Brings a call to the actor's owner, and again when the owner changed or broke meanwhile.</summary>
internal sealed partial class ActorCalls(Placement placement, TimeProvider clock, ILogger log)
{
    private const int Retries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Calls the actor; the answer is the app's, whatever its status.</summary>
    /// <exception cref="ApiException">No owner was found, or none answered.</exception>
    public async Task<AppAnswer> CallAsync(Sidecar? caller, ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        // A change of placement ends a pause early and is no failed attempt; the limit keeps a flapping host from turning this into a spin.
        int failures = 0, moves = 0;
        while (true)
        {
            string why;
            var change = placement.NextChange;
            try
            {
                var owner = await placement.FindOwnerAsync(caller, actor, cancel);
                if (owner is not null) return await owner.Actors.CallAsync(actor, call, cancel);
                why = $"failed to lookup actor: api error: code = FailedPrecondition desc = did not find address for actor '{actor}'";
            }
            catch (ActorMovedException e)
            {
                if (++moves == 1) continue;
                why = e.Message;
            }
            catch (AppUnreachableException e)
            {
                LogUnreachable(actor, e.Message);
                why = e.Message;
            }
            catch (StackTooDeepException e)
            {
                throw new ApiException(500, "ERR_ACTOR_STACK_DEPTH", e.Message);
            }
            catch (CallLostException e)
            {
                throw Failed(e.Message);
            }
            catch (AppAnswerTooLargeException e)
            {
                throw Failed(e.Message);
            }

            if (failures >= Retries) throw Failed(why);
            if (await change.IsCompletedWithin(Pause, clock, cancel) && ++moves < 20) continue;
            failures++;
        }
    }

    private static ApiException Failed(string why) => new(500, "ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {why}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} did not answer: {Why}; looking for it again")]
    private partial void LogUnreachable(ActorAddress actor, string why);
}
