using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Contracts.Services;

/// <summary>What a job does and when. What is absent has its default; in anything but a job all of it is absent.</summary>
public sealed record JobSpec
{
    /// <summary>
    /// How often the work is to be done in a run, in a slot each; 1 to 5,000, by default 1. It counts from the next run on.
    /// </summary>
    [Range(1, 5000)]
    public int? Completions { get; init; }

    /// <summary>So many instances of a run at a time; 1 to 5,000, by default 1.</summary>
    [Range(1, 5000)]
    public int? Parallelism { get; init; }

    /// <summary>
    /// So often a slot fails before its run has failed; 1 to 1,000, by default 3. Between them are the pauses of <c>restart</c>.
    /// </summary>
    [Range(1, 1000)]
    public int? Attempts { get; init; }

    /// <summary>
    /// A run that has not completed so long after it began has failed, and what it runs ends; 1 s to 720 h; by default none.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>So many ended instances are shown; 0 to 100, by default 10.</summary>
    [Range(0, 100)]
    public int? Keep { get; init; }

    /// <summary>
    /// When a run begins by itself, as cron writes it, in five fields or with seconds in six: <c>0 3 * * *</c> is every night at three.
    /// Without it a job runs when it is created, and when it is told to.
    /// </summary>
    public string? Schedule { get; init; }

    /// <summary>By which clock: <c>Europe/Berlin</c>; by default <c>UTC</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What happens when a run is to begin while one goes on; by default forbid.</summary>
    public Overlap? Overlap { get; init; }

    /// <summary>
    /// A run by the schedule that could not begin in time, for no master was there, begins so much later at most; 1 s to 24 h, by default
    /// 10 min. Of several that were missed only the last one is made up.
    /// </summary>
    public TimeSpan? StartDeadline { get; init; }
}

/// <summary>What happens when a run is to begin while one goes on.</summary>
public enum Overlap
{
    /// <summary>It is left out; whoever asks for it is told so.</summary>
    Forbid,

    /// <summary>It begins beside the other.</summary>
    Allow,

    /// <summary>It begins, and the other one ends.</summary>
    Replace,
}
