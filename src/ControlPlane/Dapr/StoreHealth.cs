using System.Text.Json;
using Dapr;
using Orchestrator.ControlPlane.Records;
using Polly;
using Polly.CircuitBreaker;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// The state store as this process knows it. One that has just failed twice is not asked again for a second: whoever needs it hears so at
/// once, and nothing is sent whose outcome nobody would know.
/// </summary>
internal sealed class StoreHealth(TimeProvider clock)
{
    private readonly ResiliencePipeline breaker = Breaker.Of(failures: 2, TimeSpan.FromSeconds(10), clock, IsTrouble);

    /// <exception cref="StoreTroubleException">The store does not answer, or has just not answered and was not asked.</exception>
    public async Task<T> Ask<T>(Func<Task<T>> call)
    {
        try
        {
            return await breaker.ExecuteAsync(async _ => await call());
        }
        catch (BrokenCircuitException e)
        {
            throw new StoreTroubleException(e.InnerException?.GetBaseException().Message ?? "it has just failed", isSent: false, e);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw new StoreTroubleException(e.GetBaseException().Message, isSent: true, e);
        }
    }

    /// <summary>A record that cannot be read has been answered.</summary>
    private static bool IsTrouble(Exception e) =>
        e is DaprException or TimeoutException or HttpRequestException && e.GetBaseException() is not JsonException;
}
