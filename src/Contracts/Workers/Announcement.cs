namespace Orchestrator.Contracts.Workers;

/// <summary>Published by masters to all workers on <see cref="DaprNames.Announcements"/>; losing one costs time only.</summary>
public sealed record Announcement
{
    public required AnnouncementKind Kind { get; init; }

    /// <summary>The service it is about; empty means all of them.</summary>
    public string Service { get; init; } = "";

    /// <summary>With <see cref="AnnouncementKind.Prefetch"/>: the image.</summary>
    public string Image { get; init; } = "";
}

public enum AnnouncementKind
{
    /// <summary>Every worker sends a complete report of the service to its ServiceMaster.</summary>
    RollCall,

    /// <summary>
    /// Every worker with instances of the service (with none named: every worker) pulls the image if it lacks it, when it has nothing
    /// better to do.
    /// </summary>
    Prefetch,
}
