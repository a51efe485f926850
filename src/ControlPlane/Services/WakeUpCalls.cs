using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Services;

/// <summary>Carries what the <see cref="AlarmClock"/> rings to the keepers, wherever they are, a few at a time.</summary>
internal sealed partial class WakeUpCalls(AlarmClock alarms, IServiceCalls services, ILogger<WakeUpCalls> log) : ILoop
{
    private const int AtATime = 16;

    public Task Run(CancellationToken cancel) => Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Carry(cancel)));

    private async Task Carry(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var (service, why) = await alarms.Next(cancel);
            try
            {
                await services.LookAgain(service, why, cancel);
            }
            catch (NoAnswerException e)
            {
                LogLater(service, e.Message);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                LogDefect(service, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Service {Service} could not look again now, the sweep will ask it: {Error}")]
    private partial void LogLater(string service, string error);

    [LoggerMessage(LogLevel.Error, "Service {Service} failed to look again in a way that nobody expected")]
    private partial void LogDefect(string service, Exception e);
}
