using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.Simulation.Tests;

/// <summary>The guard's process beside an agent that comes and goes: what it decides is what it decides in life.</summary>
internal sealed class SimulatedGuard
{
    private readonly SimulatedProcess process;

    public SimulatedGuard(SimulatedCluster cluster, SimulatedProcess process, IMachineTime machine, IStorage disk, SimulatedEngine engine)
    {
        this.process = process;
        var watch = new GuardWatch(disk, machine, new Ender(cluster, process, engine));
        process.Do(() => Run(watch));
    }

    private async Task Run(GuardWatch watch)
    {
        while (true) await Task.Delay(await watch.Look(CancellationToken.None), process.Clock);
    }

    /// <summary>Kills processes by their numbers, which takes no engine and little time.</summary>
    private sealed class Ender(SimulatedCluster cluster, SimulatedProcess process, SimulatedEngine engine) : IContainerEnder
    {
        public async Task End(string container, CancellationToken cancel)
        {
            await Task.Delay(cluster.Dice.Between(0.001, 0.1), process.Clock, cancel);
            engine.KillProcesses(container);
        }
    }
}
