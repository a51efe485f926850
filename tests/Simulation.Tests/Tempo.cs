namespace Orchestrator.Simulation.Tests;

/// <summary>How often a cluster does what it does unasked; the rules of liveness are in proportion to the beat.</summary>
/// <param name="Beat">Between two renewals of a lease.</param>
/// <param name="MakeSure">Between complete reports, reminders and sweeps, which repair what no message repaired.</param>
internal sealed record Tempo(TimeSpan Beat, TimeSpan MakeSure)
{
    /// <summary>The defaults.</summary>
    public static Tempo Brisk { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>As an operator of a big cluster may set it: an hour costs a fraction of a brisk one and tells nearly as much.</summary>
    public static Tempo Calm { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2));
}
