using Orchestrator.Contracts.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Tells the registry about once a second that this master lives.</summary>
internal sealed partial class MasterHeartbeat(ActorCalls actors, ControlPlaneOptions options, TimeProvider clock, ILogger<MasterHeartbeat> log) : ILoop
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

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
            catch (NoAnswerException e)
            {
                if (!silent) LogUnavailable(e.Message);
                silent = true;
            }
        }
        while (await beat.WaitForNextTickAsync(cancel));
    }

    [LoggerMessage(LogLevel.Warning, "The member registry cannot be reached: {Error}")]
    private partial void LogUnavailable(string error);

    [LoggerMessage(LogLevel.Information, "The member registry can be reached again")]
    private partial void LogBack();
}
