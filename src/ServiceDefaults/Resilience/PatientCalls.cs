using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orchestrator.ServiceDefaults.Resilience;

/// <summary>
/// Carries out calls with a <see cref="Patience"/>. Polly does the work; this only adds the budget, and goes on where the caller was, so that a
/// scheduler of the caller's own (a simulation, say) keeps every step.
/// </summary>
/// <param name="dice">Numbers from 0 to 1 that spread the pauses.</param>
public sealed class PatientCalls(Patience patience, TimeProvider clock, Func<double> dice)
{
    private static readonly ResiliencePropertyKey<long> Began = new("began");

    private readonly ResiliencePipeline pipeline = Pipeline(patience, clock, dice);

    /// <summary>One call with a deadline, never repeated.</summary>
    public static PatientCalls Within(TimeSpan deadline, TimeProvider clock) => new(new Patience { Deadline = deadline }, clock, static () => 0.5);

    /// <exception cref="TimeoutException">The last try took longer than its deadline.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancel);
        try
        {
            context.Properties.Set(Began, clock.GetTimestamp());
            return await pipeline.ExecuteAsync(static async (context, call) => await call(context.CancellationToken), context, call);
        }
        catch (TimeoutRejectedException e)
        {
            throw new TimeoutException($"no answer within {patience.Deadline!.Value.TotalSeconds:0.###} s", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public Task Run(Func<CancellationToken, Task> call, CancellationToken cancel) =>
        Run(async token => { await call(token); return true; }, cancel);

    private static ResiliencePipeline Pipeline(Patience patience, TimeProvider clock, Func<double> dice)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = clock };
        if (patience.Backoff is { } backoff)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args => new(
                    args.Outcome.Exception is { } e && !args.Context.CancellationToken.IsCancellationRequested && patience.IsPassing(Plain(e))
                    && IsLeft(patience.Budget, backoff.Pause(args.AttemptNumber, 0.5), args.Context)),
                DelayGenerator = args => new(backoff.Pause(args.AttemptNumber, dice())),
                OnRetry = args =>
                {
                    patience.BeforePause?.Invoke(Plain(args.Outcome.Exception!), args.RetryDelay);
                    return default;
                },
            });
        }

        if (patience.Deadline is { } deadline) builder.AddTimeout(deadline);
        return builder.Build();

        bool IsLeft(TimeSpan? budget, TimeSpan pause, ResilienceContext context) =>
            budget is not { } all || clock.GetElapsedTime(context.Properties.GetValue(Began, 0)) + pause <= all;
    }

    private static Exception Plain(Exception e) => e is TimeoutRejectedException ? new TimeoutException("no answer in time", e) : e;
}
