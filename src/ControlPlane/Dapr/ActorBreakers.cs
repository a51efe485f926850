using Dapr;
using Dapr.Actors;
using Orchestrator.ServiceDefaults.Resilience;
using Polly;
using Polly.CircuitBreaker;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// One breaker for each type of actor: when calls to a type are not answered one after the other, because placement or the sidecar is gone,
/// the next ones fail at once, and one a second tries whether it is over.
/// </summary>
internal sealed class ActorBreakers(TimeProvider clock)
{
    private readonly Dictionary<string, (ResiliencePipeline, CircuitBreakerStateProvider)> breakers = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <returns>
    /// The call when it has come to its end; a <see cref="BrokenCircuitException"/> when the type has not answered of late, its inner
    /// exception is the last failure.
    /// </returns>
    public async Task<Task<T>> Through<T>(string type, Func<Task<Task<T>>> call)
    {
        var (breaker, state) = Of(type);
        // What follows goes on where the caller was.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true);
        try
        {
            // A closed breaker only needs to hear how it ended, which takes a fraction of going through it.
            if (state.CircuitState == CircuitState.Closed)
            {
                var direct = await call();
                await breaker.ExecuteOutcomeAsync<bool, Task>(static (_, ended) => new(OutcomeOf(ended)), context, direct);
                return direct;
            }

            Task<T>? ended = null;
            var outcome = await breaker.ExecuteOutcomeAsync(async (_, call) => OutcomeOf(ended = await call()), context, call);
            return ended ?? Task.FromException<T>(outcome.Exception!);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static Outcome<bool> OutcomeOf(Task ended) =>
        ended.IsCompletedSuccessfully ? Outcome.FromResult(true) : Outcome.FromException<bool>(PatientCalls.FailureOf(ended));

    private (ResiliencePipeline, CircuitBreakerStateProvider) Of(string type)
    {
        lock (gate)
        {
            if (breakers.TryGetValue(type, out var known)) return known;
            var state = new CircuitBreakerStateProvider();
            return breakers[type] = (Breaker.Of(failures: 3, TimeSpan.FromSeconds(30), clock, IsUnanswered, state), state);
        }
    }

    /// <summary>What an actor itself met has been answered.</summary>
    private static bool IsUnanswered(Exception e) =>
        e is not ActorMethodInvocationException and (DaprException or HttpRequestException or TimeoutException);
}
