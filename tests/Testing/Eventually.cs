using System.Diagnostics;

namespace Orchestrator.Testing;

/// <summary>
/// Waits for the world to reach a state; a failure tells the last state seen instead of "timed out". Time in which this process was kept
/// from looking, since the machine was busy with others, does not count.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until <paramref name="condition"/> holds; answers what it saw then.</summary>
    /// <exception cref="TimeoutException">The deadline passed; the message holds the last state or the last error.</exception>
    public static async Task<T> Become<T>(
        Func<Task<T>> look, Func<T, bool> condition, TimeSpan within, string what, CancellationToken cancel = default)
    {
        var watch = Stopwatch.StartNew();
        var kept = TimeSpan.Zero;
        string last = "nothing seen yet";
        while (true)
        {
            try
            {
                var seen = await look();
                if (condition(seen)) return seen;
                last = $"last seen: {seen}";
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                last = $"last look failed: {e.GetType().Name}: {e.Message}";
            }

            if (watch.Elapsed - kept > within) throw new TimeoutException($"{what}: not within {within.TotalSeconds:0.#} s; {last}");
            var paused = watch.Elapsed;
            await Task.Delay(Pause, TimeProvider.System, cancel);
            var late = watch.Elapsed - paused - (2 * Pause);
            if (late > TimeSpan.Zero) kept += late;
        }
    }

    /// <inheritdoc cref="Become{T}(Func{Task{T}}, Func{T, bool}, TimeSpan, string, CancellationToken)"/>
    public static Task<T> Become<T>(
        Func<T> look, Func<T, bool> condition, TimeSpan within, string what, CancellationToken cancel = default) =>
        Become(() => Task.FromResult(look()), condition, within, what, cancel);
}
