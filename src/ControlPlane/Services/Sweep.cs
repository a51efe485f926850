using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Asks every service to look again now and then: the guarantee behind reminders, timers and messages, each of which may be lost.
/// </summary>
internal sealed partial class Sweep(
    IDirectory directory, IAlarm alarm, ControlPlaneOptions options, TimeProvider clock, Func<double> dice, ILogger<Sweep> log) : ILoop
{
    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                alarm.Now(await directory.Names(cancel), "sweep");
            }
            catch (NoAnswerException e)
            {
                LogLater(e.Message);
            }

            await Task.Delay(options.SweepEvery * (0.75 + (dice() / 2)), clock, cancel);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sweep found no service directory: {Error}")]
    private partial void LogLater(string error);
}
