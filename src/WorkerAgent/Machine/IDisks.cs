namespace Orchestrator.WorkerAgent.Machine;

/// <summary>The disks of the machine.</summary>
internal interface IDisks
{
    /// <summary>Of the disk with this folder; null when that cannot be told.</summary>
    DiskRoom? RoomAt(string folder);
}

/// <param name="Total">In bytes.</param>
/// <param name="Free">What ordinary programs can still write, in bytes.</param>
internal sealed record DiskRoom(long Total, long Free)
{
    /// <summary>0 to 1.</summary>
    public double Used => Total <= 0 ? 0 : 1 - ((double)Free / Total);
}

internal sealed class TheseDisks : IDisks
{
    public DiskRoom? RoomAt(string folder)
    {
        try
        {
            var disk = new DriveInfo(folder);
            return new(disk.AvailableFreeSpace + (disk.TotalSize - disk.TotalFreeSpace), disk.AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
