using Orchestrator.Contracts.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Sidecars;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Tells the registry every so often that this master lives.</summary>
internal sealed partial class MasterHeartbeat(
    ActorCalls actors, SidecarHealth sidecar, ControlPlaneOptions options, TimeProvider clock, ILogger<MasterHeartbeat> log) : ILoop
{
    public async Task Run(CancellationToken cancel)
    {
        var silent = false;
        while (true)
        {
            try
            {
                await actors.Registry(registry => registry.RenewMaster(Report), cancel);
                if (silent) LogBack();
                silent = false;
            }
            catch (NoAnswerException e)
            {
                if (!silent) LogUnavailable(e.Message);
                silent = true;
            }

            await Task.Delay(options.Beat, clock, cancel);
        }
    }

    private MasterReport Report => new(options.MemberName, options.PublicUrl, sidecar.Note);

    [LoggerMessage(LogLevel.Warning, "The member registry cannot be reached: {Error}")]
    private partial void LogUnavailable(string error);

    [LoggerMessage(LogLevel.Information, "The member registry can be reached again")]
    private partial void LogBack();
}
