using System.Text.Json;
using Dapr;
using Grpc.Core;
using Orchestrator.ControlPlane.Records;
using Polly;
using Polly.CircuitBreaker;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// The state store as this process knows it. One that has just failed twice, or let somebody wait in vain, is not asked again for a second:
/// whoever needs it hears so at once, and nothing is sent whose outcome nobody would know.
/// </summary>
internal sealed class StoreHealth(TimeProvider clock)
{
    /// <summary>
    /// So long one call may take. Turns wait for it, and whoever reads waits for turns: twice as long is still an answer in time.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>What took so long is no slow answer any more.</summary>
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(1);

    private long? failedAt;
    private readonly ResiliencePipeline breaker = Breaker.Of(failures: 2, TimeSpan.FromSeconds(10), clock, IsTrouble);

    /// <exception cref="StoreTroubleException">The store does not answer, or has just not answered and was not asked.</exception>
    public async Task<T> Ask<T>(Func<Task<T>> call)
    {
        var began = clock.GetTimestamp();
        try
        {
            var answer = await breaker.ExecuteAsync(async _ => await call());
            failedAt = null;
            return answer;
        }
        catch (BrokenCircuitException e)
        {
            throw new StoreTroubleException(e.InnerException?.GetBaseException().Message ?? "it has just failed", isSent: false, e);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            failedAt ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(began) >= Hangs) await CountAgain(e);
            throw new StoreTroubleException(WordsOf(e), isSent: !IsRefused(e), e);
        }
    }

    /// <summary>One that hangs has cost its caller enough: the next does not find out for itself.</summary>
    private async Task CountAgain(Exception e)
    {
        try
        {
            await breaker.ExecuteAsync(_ => ValueTask.FromException(e));
        }
        catch (Exception counted) when (counted == e || counted is BrokenCircuitException)
        {
        }
    }

    /// <summary>For how long it has failed whoever asked; none when it answered last.</summary>
    public TimeSpan? AwayFor => failedAt is { } at ? clock.GetElapsedTime(at) : null;

    /// <summary>The store has no room, or takes nothing: what was to be written was not.</summary>
    public static bool IsRefused(Exception e) => e.GetBaseException() is RpcException { StatusCode: StatusCode.ResourceExhausted };

    /// <summary>A call that was given up comes back as one that was cancelled, in the client's own words.</summary>
    private static string WordsOf(Exception e) => e.GetBaseException() switch
    {
        OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded } =>
            "no answer in time",
        RpcException rpc => rpc.Status.Detail,
        var other => other.Message,
    };

    /// <summary>A record that cannot be read has been answered.</summary>
    private static bool IsTrouble(Exception e) =>
        e is DaprException or TimeoutException or HttpRequestException && e.GetBaseException() is not JsonException;
}
