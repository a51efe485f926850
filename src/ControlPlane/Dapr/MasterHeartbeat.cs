using Orchestrator.Contracts.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Tells the registry about once a second that this master lives.</summary>
internal sealed partial class MasterHeartbeat(ActorCalls actors, ControlPlaneOptions options, TimeProvider clock, ILogger<MasterHeartbeat> log)
    : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Run(stoppingToken);

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var report = new MasterReport(options.MemberName, options.PublicUrl);
        var silent = false;
        using var beat = new PeriodicTimer(Beat, clock);
        do
        {
            try
            {
                await actors.Registry(registry => registry.RenewMaster(report), cancel);
                if (silent) LogBack();
                silent = false;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                if (!silent && e is NoAnswerException) LogUnavailable(e.Message);
                else if (!silent) LogDefect(e);
                silent = true;
            }
        }
        while (await beat.WaitForNextTickAsync(cancel));
    }

    [LoggerMessage(LogLevel.Warning, "The member registry cannot be reached: {Error}")]
    private partial void LogUnavailable(string error);

    [LoggerMessage(LogLevel.Error, "Telling the member registry failed in a way that nobody expected")]
    private partial void LogDefect(Exception e);

    [LoggerMessage(LogLevel.Information, "The member registry can be reached again")]
    private partial void LogBack();
}
