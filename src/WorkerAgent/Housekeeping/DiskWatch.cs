using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Housekeeping;

/// <summary>
/// Watches the disk on which the engine keeps everything. Where little is left the worker takes nothing new, before the engine fails what
/// it is asked for; where much is used, images that nobody needs go.
/// </summary>
internal sealed partial class DiskWatch(
    IEngineStorage storage, IDisks disks, ImageCleaner cleaner, WorkerAgentOptions options, TimeProvider clock, ILogger<DiskWatch> log)
    : ILoop
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>When the last time has not helped, nothing has changed so soon.</summary>
    private static readonly TimeSpan CleanEvery = TimeSpan.FromMinutes(1);

    private long? cleanedAt;
    private volatile string? problem;

    /// <summary>Why nothing new can be taken; none when something can.</summary>
    public string? Problem => problem;

    public async Task Run(CancellationToken stopping)
    {
        string? folder = null;
        while (true)
        {
            try
            {
                folder ??= await storage.Folder(stopping);
                if (folder is null) return;
                await Look(folder, stopping);
            }
            catch (EngineException e)
            {
                LogLater(e.Message);
            }

            await Task.Delay(Every, clock, stopping);
        }
    }

    private async Task Look(string folder, CancellationToken cancel)
    {
        if (disks.RoomAt(folder) is not { } room) return;
        if (room.Used * 100 > options.ImagesCleanAbove && (cleanedAt is not { } last || clock.GetElapsedTime(last) > CleanEvery))
        {
            cleanedAt = clock.GetTimestamp();
            await cleaner.Clean(() => disks.RoomAt(folder) is { } now && now.Used * 100 > options.ImagesCleanAbove, cancel);
            room = disks.RoomAt(folder) ?? room;
        }

        Judge(folder, room);
    }

    /// <summary>A little more than the least must be free again, or the worker would come and go.</summary>
    private void Judge(string folder, DiskRoom room)
    {
        var least = options.DiskMinFreeBytes.Bytes;
        var isFull = room.Free < (problem is null ? least : least + (least / 10));
        if (isFull && problem is null) LogFull(folder, new ByteSize(room.Free).ToString());
        if (!isFull && problem is not null) LogRoom(folder, new ByteSize(room.Free).ToString());
        problem = isFull ? $"the disk of {folder} is full: less than {options.DiskMinFree} of it is free (DISK_MIN_FREE)" : null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of {Folder} is full, {Free} is free: nothing new is taken")]
    private partial void LogFull(string folder, string free);

    [LoggerMessage(Level = LogLevel.Information, Message = "The disk of {Folder} has room again: {Free} is free")]
    private partial void LogRoom(string folder, string free);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The disk is looked at later: {Why}")]
    private partial void LogLater(string why);
}
