using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Records;

/// <summary>What counts where the wish for a job says nothing.</summary>
internal static class JobDefaults
{
    public static int Slots(this JobSpec job) => job.Completions ?? 1;

    public static int AtATime(this JobSpec job) => job.Parallelism ?? 1;

    public static int Tries(this JobSpec job) => job.Attempts ?? 3;

    public static int Kept(this JobSpec job) => job.Keep ?? 10;

    public static Overlap Overlapping(this JobSpec job) => job.Overlap ?? Overlap.Forbid;

    public static TimeSpan Late(this JobSpec job) => job.StartDeadline ?? TimeSpan.FromMinutes(10);
}
