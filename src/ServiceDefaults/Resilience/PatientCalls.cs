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
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel) =>
        await await Settled(call, cancel);

    /// <inheritdoc cref="Run{T}"/>
    public Task Run(Func<CancellationToken, Task> call, CancellationToken cancel) =>
        Run(async token => { await call(token); return true; }, cancel);

    /// <summary>
    /// The same call when it has come to its end, well or not: a failure is handed over without being thrown, which costs more than
    /// the rest of the way, for whoever looks at it and says something else to its own caller.
    /// </summary>
    public async Task<Task<T>> Settled<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        var first = await Once(call, cancel);
        return repeating is null || first.IsCompletedSuccessfully ? first : await Repeat(first, began, call, cancel);
    }

    /// <summary>Why it has not succeeded.</summary>
    public static Exception FailureOf(Task ended) => ended.Exception?.InnerException ?? new TaskCanceledException(ended);

    /// <summary>Most calls succeed at once; only one that has failed is given to Polly, as the first of the tries it makes.</summary>
    private async Task<Task<T>> Repeat<T>(Task<T> first, long began, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancel);
        Task<T>? last = null;
        try
        {
            context.Properties.Set(Began, began);
            var end = await repeating!.ExecuteOutcomeAsync(
                async (context, _) =>
                {
                    last = last is null ? first : await Once(call, context.CancellationToken);
                    return last.IsCompletedSuccessfully ? Outcome.FromResult(true) : Outcome.FromException<bool>(FailureOf(last));
                }, context, state: 0);
            // Cancelled between two tries.
            return end.Exception is OperationCanceledException e && cancel.IsCancellationRequested ? Task.FromException<T>(e) : last!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>One try that has come to its end.</summary>
    private async Task<Task<T>> Once<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        using var late = patience.Deadline is { } deadline ? new CancellationTokenSource(deadline, clock) : null;
        using var either = late is not null && cancel.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel) : null;
        Task<T> tried;
        try
        {
            tried = call((either ?? late)?.Token ?? cancel);
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }

        await tried.Quietly();
        if (tried.IsCompletedSuccessfully || late is not { IsCancellationRequested: true } || cancel.IsCancellationRequested) return tried;
        return FailureOf(tried) is OperationCanceledException cause
            ? Task.FromException<T>(new TimeoutException($"no answer within {patience.Deadline!.Value.TotalSeconds:0.###} s", cause))
            : tried;
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
