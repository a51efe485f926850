using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>Writes a backup into the folder every so often. Of the masters that have one, the registry lets one at a time do it.</summary>
internal sealed partial class BackupSchedule(
    BackupKeeper backups, ActorCalls actors, ControlPlaneOptions options, ControlPlaneMetrics metrics, TimeProvider clock,
    ILogger<BackupSchedule> log)
    : ILoop
{
    /// <summary>So often a master asks whether it is time; what failed is tried again after as long.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken stopping)
    {
        if (options.BackupFolder is not { } path) return;
        var folder = new BackupFolder(path, options.BackupKeep);
        var pause = options.BackupInterval < LongestPause ? options.BackupInterval : LongestPause;
        while (true)
        {
            await Task.Delay(pause, clock, stopping);
            try
            {
                if (!await actors.Registry(registry => registry.TakeBackup(options.BackupInterval), stopping)) continue;
                LogWritten(folder.Write(await backups.Save(stopping)));
                metrics.BackedUp(written: true);
            }
            catch (Exception e) when (e is NoAnswerException or StoreTroubleException or IOException or UnauthorizedAccessException)
            {
                metrics.BackedUp(written: false);
                LogFailed(path, e.Message);
                await actors.Registry(registry => registry.BackupFailed(), stopping);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Backup written: {File}")]
    private partial void LogWritten(string file);

    [LoggerMessage(LogLevel.Error, "No backup could be written to {Folder} ({Error}); it is tried again")]
    private partial void LogFailed(string folder, string error);
}
