using Dapr;
using Dapr.Actors;
using Polly;
using Polly.CircuitBreaker;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// One breaker for each type of actor: when calls to a type are not answered one after the other, because placement or the sidecar is gone,
/// the next ones fail at once, and one a second tries whether it is over.
/// </summary>
internal sealed class ActorBreakers(TimeProvider clock)
{
    private readonly Dictionary<string, ResiliencePipeline> breakers = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <exception cref="BrokenCircuitException">The type has not answered of late; its inner exception is the last failure.</exception>
    public async Task<T> Through<T>(string type, Func<Task<T>> call)
    {
        // What follows goes on where the caller was.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true);
        try
        {
            return await Of(type).ExecuteAsync(static async (_, call) => await call(), context, call);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline Of(string type)
    {
        lock (gate)
        {
            if (breakers.TryGetValue(type, out var breaker)) return breaker;
            return breakers[type] = Breaker.Of(failures: 3, TimeSpan.FromSeconds(30), clock, IsUnanswered);
        }
    }

    /// <summary>What an actor itself met has been answered.</summary>
    private static bool IsUnanswered(Exception e) =>
        e is not ActorMethodInvocationException and (DaprException or HttpRequestException or TimeoutException);
}
