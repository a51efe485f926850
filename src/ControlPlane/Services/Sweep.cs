using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Asks the directory now and then which services need a look: the guarantee behind reminders, timers and messages, each of which may be
/// lost. A service that has nothing to do is not asked.
/// </summary>
internal sealed partial class Sweep(
    IDirectory directory, IWorkers workers, IAlarm alarm, ControlPlaneOptions options, TimeProvider clock, Func<double> dice,
    ILogger<Sweep> log)
    : ILoop
{
    public async Task Run(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                alarm.Now(await directory.Due(await Calm(cancel), cancel), "sweep");
            }
            catch (NoAnswerException e)
            {
                LogLater(e.Message);
            }

            await Task.Delay(options.SweepEvery * (0.75 + (dice() / 2)), clock, cancel);
        }
    }

    private async Task<ValueList<string>?> Calm(CancellationToken cancel)
    {
        try
        {
            var all = await workers.Current(cancel);
            return all.Where(worker => worker is { Health: not WorkerHealth.Lost, Draining: false })
                .Select(worker => worker.Name).ToValueList();
        }
        catch (NoAnswerException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The sweep found no service directory: {Error}")]
    private partial void LogLater(string error);
}
