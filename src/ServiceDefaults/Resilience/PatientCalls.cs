using Orchestrator.ServiceDefaults.Concurrency;
using Polly;
using Polly.Retry;

namespace Orchestrator.ServiceDefaults.Resilience;

/// <summary>
/// Carries out calls with a <see cref="Patience"/>, and goes on where the caller was, so that a scheduler of the caller's own (a
/// simulation, say) keeps every step. Polly repeats; the deadline is .NET's own, because Polly's writes a stack trace with lines into every
/// time-out, which costs a millisecond.
/// </summary>
/// <param name="dice">Numbers from 0 to 1 that spread the pauses.</param>
public sealed class PatientCalls(Patience patience, TimeProvider clock, Func<double> dice)
{
    private static readonly ResiliencePropertyKey<long> Began = new("began");

    private readonly ResiliencePipeline? repeating = patience.Backoff is { } backoff ? Repeating(patience, backoff, clock, dice) : null;

    /// <summary>One call with a deadline, never repeated.</summary>
    public static PatientCalls Within(TimeSpan deadline, TimeProvider clock) =>
        new(new Patience { Deadline = deadline }, clock, static () => 0.5);

    /// <exception cref="TimeoutException">The last try took longer than its deadline.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        if (repeating is null) return await Once(call, cancel);
        var began = clock.GetTimestamp();
        var first = Once(call, cancel);
        await first.Quietly();
        return first.IsCompletedSuccessfully ? first.Result : await Repeat(first, began, call, cancel);
    }

    /// <summary>Most calls succeed at once; only one that has failed is given to Polly, as the first of the tries it makes.</summary>
    private async Task<T> Repeat<T>(Task<T> first, long began, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancel);
        Task<T>? failed = first;
        try
        {
            context.Properties.Set(Began, began);
            return await repeating!.ExecuteAsync(
                async context => await (Interlocked.Exchange(ref failed, null) ?? Once(call, context.CancellationToken)), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public Task Run(Func<CancellationToken, Task> call, CancellationToken cancel) =>
        Run(async token => { await call(token); return true; }, cancel);

    private async Task<T> Once<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        if (patience.Deadline is not { } deadline) return await call(cancel);
        using var late = new CancellationTokenSource(deadline, clock);
        using var either = cancel.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel) : null;
        try
        {
            return await call((either ?? late).Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {deadline.TotalSeconds:0.###} s", e);
        }
    }

    private static ResiliencePipeline Repeating(Patience patience, Backoff backoff, TimeProvider clock, Func<double> dice)
    {
        return new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = args => new(
                args.Outcome.Exception is { } e && !args.Context.CancellationToken.IsCancellationRequested && patience.IsPassing(e)
                && IsTimeLeft(args.Context, backoff.Pause(args.AttemptNumber, 0.5))),
            DelayGenerator = args => new(backoff.Pause(args.AttemptNumber, dice())),
            OnRetry = args =>
            {
                patience.BeforePause?.Invoke(args.Outcome.Exception!, args.RetryDelay);
                return default;
            },
        }).Build();

        bool IsTimeLeft(ResilienceContext context, TimeSpan pause) =>
            patience.Budget is not { } budget || clock.GetElapsedTime(context.Properties.GetValue(Began, 0)) + pause <= budget;
    }
}
