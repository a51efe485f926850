using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Services;

/// <summary>Asks every service to look again now and then: the guarantee behind reminders, timers and messages, each of which may be lost.</summary>
internal sealed partial class Sweep(LookAgainQueue queue, ActorCalls actors, ControlPlaneOptions options, TimeProvider clock, ILogger<Sweep> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(options.SweepEvery * (0.75 + (Random.Shared.NextDouble() / 2)), clock);
        do
        {
            try
            {
                queue.Enqueue(await actors.Directory(directory => directory.Names(), stoppingToken), "sweep");
            }
            catch (ActorUnavailableException e)
            {
                LogLater(e.Message);
            }
        }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "The sweep found no service directory: {Error}")]
    private partial void LogLater(string error);
}
