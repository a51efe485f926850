using Orchestrator.ControlPlane.Services;

namespace Orchestrator.Simulation.Tests;

/// <summary>The reminder of the directory, which outlives every master.</summary>
internal sealed class SimulatedReminder(SimulatedCluster cluster) : IReminder
{
    private int setting;

    public Task Set(TimeSpan every)
    {
        Again(++setting, every);
        return Task.CompletedTask;
    }

    private void Again(int mine, TimeSpan every) => cluster.After(every, () =>
    {
        if (mine != setting) return;
        _ = Call();
        Again(mine, every);
    });

    private async Task Call()
    {
        try
        {
            await cluster.Actors.Directory.Call(
                cluster.World, cluster.Network, async keeper => { await keeper.LookAgain(); return true; });
        }
        catch (Exception)
        {
            // It comes again.
        }
    }
}
