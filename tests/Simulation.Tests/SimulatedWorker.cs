using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Machine;

namespace Orchestrator.Simulation.Tests;

/// <summary>One machine: an engine and a disk that stay, and an agent that may die and come back.</summary>
internal sealed class SimulatedWorker
{
    private readonly SimulatedCluster cluster;
    private readonly SimulatedProcess machine;
    private readonly SimulatedEngine engine;
    private readonly MemoryStorage disk = new();
    private readonly Hardware hardware;
    private readonly TimeSpan ahead;
    private SimulatedAgent agent;
    private int lives;

    public SimulatedWorker(SimulatedCluster cluster, string name)
    {
        (this.cluster, Name) = (cluster, name);
        ahead = cluster.AnyClock();
        machine = cluster.Time.Start(name, ahead);
        engine = new SimulatedEngine(cluster, machine) { Caller = () => agent!.Process };
        hardware = new Hardware(cluster, 2 + cluster.Dice.Next(4));
        agent = StartAgent();
        if (cluster.AtMostOne) _ = new SimulatedGuard(cluster, cluster.Time.Start($"{name} guard"), hardware, disk, engine);
    }

    public string Name { get; }

    public SimulatedProcess Agent => agent.Process;

    public IEnumerable<string> Live => engine.Live;

    public IEnumerable<string> Ended => engine.Ended;

    /// <summary>It was declared lost at some time, so that its instances were replaced while they may have run.</summary>
    public bool WasLost { get; set; }

    /// <summary>
    /// Orders did not reach it at some time, so that what was not seen to begin here was given up and may begin all the same.
    /// </summary>
    public bool WasDeaf { get; private set; }

    public Task<OrderAnswer> Take(Order order) => agent.Take(order);

    public void Hear(Announcement announcement) => agent.Hear(announcement);

    /// <summary>Something bad happens here.</summary>
    public void Suffer()
    {
        switch (cluster.Dice.Next(8))
        {
            case 0:
                CutOff(cluster.Dice.Between(0.5, 60));
                break;
            case 1:
                // The agent's process dies and comes back; its containers run on.
                KillAgent(cluster.Dice.Between(0.5, 40));
                break;
            case 2:
                // The machine dies: so do the containers.
                engine.LosePower();
                hardware.Restart();
                KillAgent(cluster.Dice.Between(5, 120));
                break;
            case 5:
                StopAgent(cluster.Dice.Between(0.5, 40));
                break;
            case 6:
                GoDeaf(cluster.Dice.Between(5, 90));
                break;
            case 3:
                engine.Restart(cluster.Dice.Between(0.1, 20));
                break;
            case 4:
                if (engine.Live.FirstOrDefault() is { } another) engine.EndBySomebody(another);
                break;
            default:
                if (engine.Live.FirstOrDefault() is { } victim) engine.Die(victim, cluster.Dice.Happens(0.5) ? 1 : 0);
                break;
        }
    }

    public void Recover()
    {
        cluster.Network.Cut.Remove(Agent);
        cluster.Network.Deaf.Remove(Agent);
        if (!Agent.Alive) agent = StartAgent();
        WasLost = false;
        WasDeaf = false;
    }

    private void CutOff(TimeSpan time)
    {
        var cut = Agent;
        cluster.Network.Cut.Add(cut);
        cluster.After(time, () => cluster.Network.Cut.Remove(cut));
    }

    private void GoDeaf(TimeSpan time)
    {
        var deaf = Agent;
        cluster.Network.Deaf.Add(deaf);
        WasDeaf = true;
        cluster.After(time, () => cluster.Network.Deaf.Remove(deaf));
    }

    /// <summary>A polite stop: what may run once only is ended first, which must never leave two of it.</summary>
    private void StopAgent(TimeSpan backAfter)
    {
        var stopped = agent;
        stopped.Stop();
        cluster.After(backAfter, () =>
        {
            if (agent != stopped) return;
            stopped.Process.Kill();
            agent = StartAgent();
        });
    }

    private void KillAgent(TimeSpan backAfter)
    {
        var killed = agent;
        killed.Process.Kill();
        WasDeaf = true;
        cluster.Network.Cut.Remove(killed.Process);
        cluster.After(backAfter, () =>
        {
            if (agent == killed) agent = StartAgent();
        });
    }

    private SimulatedAgent StartAgent() => new(cluster, cluster.Time.Start($"{Name} {++lives}", ahead), Name, hardware, engine, disk);

    /// <summary>It shows when it has been started anew.</summary>
    private sealed class Hardware(SimulatedCluster cluster, double cpu) : IMachine
    {
        private int boots;

        public WorkerCapacity Capacity { get; } = new(cpu, ByteSize.Mi(4096));

        public string BootId => $"boot {boots}";

        public TimeSpan Uptime => cluster.Time.Now;

        public (double Cpu, double Memory) Load() => (0.1, 0.1);

        public void Restart() => boots++;
    }
}
