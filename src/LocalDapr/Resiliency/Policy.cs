using LocalDapr.Scheduling;

namespace LocalDapr.Resiliency;

/// <summary>
/// How a call is limited and repeated: a retry around a circuit breaker around a time-out. Without any of them it is just made.
/// </summary>
internal sealed record Policy(TimeProvider Clock)
{
    public TimeSpan? Timeout { get; init; }

    public RetryPolicy? Retry { get; init; }

    public CircuitBreaker? Breaker { get; init; }

    public bool IsNone => Timeout is null && Retry is null && Breaker is null;

    /// <summary>Makes the call. <paramref name="failed"/> tells from a result or an exception that it failed and may be repeated.</summary>
    /// <exception cref="CircuitOpenException">The breaker lets nothing through at the moment.</exception>
    /// <exception cref="TimeoutException">It took longer than allowed, also the last time.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<T?, Exception?, bool> failed, CancellationToken cancel)
    {
        if (IsNone) return await call(cancel);
        for (int attempt = 1; ; attempt++)
        {
            var (result, error) = await TryAsync(call, failed, cancel);
            bool again = error is TimeoutException || (error is not CircuitOpenException && failed(result, error));
            if (!again || Retry is null || !Retry.Allows(attempt))
            {
                if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
                return result!;
            }

            await Task.Delay(Retry.Wait(attempt), Clock, cancel);
        }
    }

    private async Task<(T? Result, Exception? Error)> TryAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<T?, Exception?, bool> failed, CancellationToken cancel)
    {
        if (Breaker is not null && !Breaker.TryEnter()) return (default, new CircuitOpenException());
        T? result = default;
        Exception? error = null;
        try
        {
            result = await LimitedAsync(call, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            error = e;
        }
        finally
        {
            Breaker?.Leave(cancel.IsCancellationRequested || !(error is TimeoutException || failed(result, error)));
        }

        return (result, error);
    }

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        if (Timeout is not { } limit) return await call(cancel);
        using var deadline = new CancellationTokenSource(limit, Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Period.Go(limit)}");
        }
    }
}

internal sealed class CircuitOpenException() : Exception("circuit breaker is open");
