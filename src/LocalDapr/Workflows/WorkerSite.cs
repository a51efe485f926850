namespace LocalDapr.Workflows;

/// <summary>One sidecar, as the workers that came through it are counted and limited.</summary>
internal sealed class WorkerSite(WorkflowSettings settings)
{
    private int streams;

    public WorkflowSettings Settings => settings;

    /// <summary>Turns under way.</summary>
    public int Turns { get; set; }

    /// <summary>Activities under way.</summary>
    public int Activities { get; set; }

    /// <summary>Open streams.</summary>
    public int Streams => Volatile.Read(ref streams);

    public void Count(int more) => Interlocked.Add(ref streams, more);

    public bool HasRoomFor(Work work) => work.IsTurn
        ? settings.MostTurns is not { } turns || Turns < turns
        : settings.MostActivities is not { } activities || Activities < activities;
}
