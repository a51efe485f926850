using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Records;

/// <summary>What is remembered of a job beside its slots, which are those of the runs that go on.</summary>
internal sealed record JobRecord
{
    /// <summary>Of the runs that have ended so many are remembered.</summary>
    public const int KeptRuns = 10;

    /// <summary>At most so many go on at a time.</summary>
    public const int MostOpen = 10;

    /// <summary>The number of the newest run; 0 before the first.</summary>
    public int LastRun { get; init; }

    /// <summary>Those that go on, and the last of those that have ended; oldest first.</summary>
    public ValueList<JobRun> Runs { get; init; } = [];

    /// <summary>The last instances that have ended, oldest first; as many as <c>keep</c> says.</summary>
    public ValueList<EndedInstance> Ended { get; init; } = [];

    /// <summary>Of all that the schedule asked for up to this moment it has been decided whether it begins.</summary>
    public required DateTimeOffset DecidedUpTo { get; init; }

    /// <summary>By whom the schedule is paused and why; none while it is not.</summary>
    public string? Paused { get; init; }

    public IEnumerable<JobRun> Open => Runs.Where(run => run.State == RunState.Running);

    /// <summary>The job after a run has changed.</summary>
    public JobRecord With(JobRun run) => this with { Runs = Kept(Runs.Select(it => it.Number == run.Number ? run : it)) };

    /// <summary>The job with one run more.</summary>
    public JobRecord Begin(JobRun run) => this with { LastRun = run.Number, Runs = Kept(Runs.Append(run)) };

    private static ValueList<JobRun> Kept(IEnumerable<JobRun> runs)
    {
        var all = runs.ToValueList();
        var surplus = all.Count(it => it.State != RunState.Running) - KeptRuns;
        return all.Where(it => it.State == RunState.Running || surplus-- <= 0).ToValueList();
    }
}
