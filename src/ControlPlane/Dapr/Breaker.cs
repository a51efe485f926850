using Polly;
using Polly.CircuitBreaker;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// Lets calls through until all of late have failed; then one a second tries whether that is over, and the others fail at once.
/// </summary>
internal static class Breaker
{
    /// <param name="failures">So many at least, and nothing else, within <paramref name="window"/>.</param>
    /// <param name="window">How far back failures count.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="isFailure">Which exceptions count.</param>
    /// <param name="state">Tells whether it lets calls through.</param>
    public static ResiliencePipeline Of(
        int failures, TimeSpan window, TimeProvider clock, Func<Exception, bool> isFailure, CircuitBreakerStateProvider? state = null) =>
        new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = failures,
            SamplingDuration = window,
            BreakDuration = TimeSpan.FromSeconds(1),
            StateProvider = state,
            ShouldHandle = args => new(args.Outcome.Exception is { } e && isFailure(e)),
        }).Build();
}
