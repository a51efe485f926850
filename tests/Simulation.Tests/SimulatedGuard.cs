using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// The guard's process beside an agent that comes and goes: what it decides is what it decides in life. In life it looks four times a
/// second; of these looks only those are taken that can see something: after a write, and when the deadline it saw has come.
/// </summary>
internal sealed class SimulatedGuard
{
    private readonly SimulatedProcess process;
    private readonly IMachineTime machine;
    private readonly MemoryStorage disk;
    private TaskCompletionSource written = new();

    public SimulatedGuard(
        SimulatedCluster cluster, SimulatedProcess process, IMachineTime machine, MemoryStorage disk, SimulatedEngine engine)
    {
        (this.process, this.machine, this.disk) = (process, machine, disk);
        disk.Written = () => written.TrySetResult();
        var watch = new GuardWatch(disk, machine, new Ender(cluster, process, engine));
        process.Do(() => Run(watch));
    }

    private async Task Run(GuardWatch watch)
    {
        while (true)
        {
            written = new();
            var pause = await watch.Look(CancellationToken.None);
            if (pause == GuardWatch.Pause && watch.Ending.Count == 0) await SomethingToSee(watch.List);
            await Task.Delay(pause, process.Clock);
        }
    }

    private async Task SomethingToSee(GuardList list)
    {
        var left = list.Containers.Count == 0 ? null : GuardList.ReadDeadline(disk) - machine.Uptime - GuardWatch.Pause;
        if (left is not { } time) await written.Task;
        else if (time > TimeSpan.Zero) await Task.WhenAny(written.Task, Task.Delay(time, process.Clock));
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
