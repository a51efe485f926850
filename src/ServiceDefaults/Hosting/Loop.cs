using Microsoft.Extensions.Logging;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ServiceDefaults.Hosting;

/// <summary>Keeps the body of a hosted service going: no failure ends it, and none ends the process.</summary>
public static partial class Loop
{
    private static readonly Backoff Pauses = new(First: TimeSpan.FromSeconds(1), Longest: TimeSpan.FromSeconds(30));

    /// <summary>
    /// Runs the body until it returns or the process stops; when it throws, that is logged and it begins again after a pause.
    /// </summary>
    /// <param name="dice">Numbers from 0 to 1 that spread the pauses.</param>
    /// <param name="log">Its category names the loop.</param>
    public static async Task Run<T>(
        Func<CancellationToken, Task> body, TimeProvider clock, Func<double> dice, ILogger<T> log, CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested; failures++)
        {
            var began = clock.GetTimestamp();
            try
            {
                await body(stopping);
                return;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whoever ran for long was well: this is a new trouble, not the old one going on.
                if (clock.GetElapsedTime(began) > Pauses.Longest) failures = 0;
                var pause = Pauses.Pause(failures, dice());
                LogFailed(log, e, typeof(T).Name, pause.TotalSeconds);
                await Task.Delay(pause, clock, stopping).Quietly();
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Loop} failed and begins again in {Seconds:0.0} s")]
    private static partial void LogFailed(ILogger log, Exception e, string loop, double seconds);
}
