using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Services;

/// <summary>Carries the wishes of the <see cref="LookAgainQueue"/> to the ServiceMasters, wherever they are, a few at a time.</summary>
internal sealed partial class LookAgain(LookAgainQueue queue, ActorCalls actors, ILogger<LookAgain> log) : BackgroundService
{
    private const int AtATime = 16;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Carry(stoppingToken)));

    private async Task Carry(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var (service, why) = await queue.Next(cancel);
            try
            {
                await actors.Service(service, master => master.LookAgain(why), cancel);
            }
            catch (ActorUnavailableException e)
            {
                LogLater(service, e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Service {Service} could not look again now, the sweep will ask it: {Error}")]
    private partial void LogLater(string service, string error);
}
