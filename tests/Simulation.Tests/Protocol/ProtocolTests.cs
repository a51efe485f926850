using Orchestrator.Contracts.Services;

namespace Orchestrator.Simulation.Tests.Protocol;

/// <summary>
/// What may run once only, through every story of a small cluster up to a length: leases, epochs, the brake, the guard and the age of
/// orders together. The functions that decide are the program's own. ORCHESTRATOR_PROTOCOL_FAULTS asks for stories in which more goes
/// wrong.
/// </summary>
public sealed class ProtocolTests
{
    private const int Moments = 14;

    private static readonly ServiceSpec Once = new()
    {
        Container = new ContainerSpec { Image = "web:1", OnLeaseLost = LeaseLoss.Stop },
        Instances = 1,
    };

    private static int Faults { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_PROTOCOL_FAULTS"), out var faults) ? faults : 2;

    [Fact]
    public void No_story_runs_twice_what_may_run_once_only()
    {
        var explorer = new Explorer(Moments);

        var story = explorer.FindBroken(Cluster.With(Once, Faults, TakenOut.Nothing));

        TestContext.Current.TestOutputHelper?.WriteLine($"{explorer.Seen} clusters");
        Assert.True(story is null, string.Join('\n', story ?? []));
        Assert.True(explorer.Seen > 1000, $"only {explorer.Seen} clusters were seen");
    }

    [Theory]
    [InlineData(TakenOut.Margin, 2, "two run at once")]
    [InlineData(TakenOut.Guard, 1, "two run at once")]
    [InlineData(TakenOut.AgeOfOrders, 1, "two run at once")]
    [InlineData(TakenOut.FreshLease, 2, "no whole lease")]
    internal void Each_part_is_missed_when_it_is_taken_out(TakenOut part, int faults, string promise)
    {
        var explorer = new Explorer(Moments);

        var story = explorer.FindBroken(Cluster.With(Once, faults, part));

        Assert.True(story is not null, $"nobody misses {part} in {explorer.Seen} clusters");
        TestContext.Current.TestOutputHelper?.WriteLine($"{explorer.Seen} clusters\n{string.Join('\n', story)}");
        Assert.Contains(promise, story[^1]);
    }
}
