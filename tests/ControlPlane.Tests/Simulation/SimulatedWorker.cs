using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Tests.Simulation;

/// <summary>A worker as the agent behaves: accepts or refuses, carries out in its own time, tells the newest state until it is answered, keeps the highest epoch over restarts.</summary>
internal sealed class SimulatedWorker
{
    private readonly SimulatedCluster cluster;
    private readonly WorkerCapacity capacity;
    private readonly Dictionary<string, RunInstance> specs = new(StringComparer.Ordinal);
    private readonly HashSet<string> everRun = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> untold = new(StringComparer.Ordinal);
    private bool tellAll;
    private bool telling;
    private bool cut;
    private bool down;
    private long sequence;
    private long incarnation = 1;
    private long epoch;
    private int life;

    public SimulatedWorker(SimulatedCluster cluster, string name)
    {
        this.cluster = cluster;
        Name = name;
        capacity = new WorkerCapacity(2 + cluster.Dice.Next(4), ByteSize.Mi(4096));
        cluster.After(cluster.Between(0, 1), Beat);
    }

    public string Name { get; }

    public Dictionary<string, InstanceReport> Book { get; } = new(StringComparer.Ordinal);

    /// <summary>It was declared lost at some time, so that its instances were replaced while they may have run.</summary>
    public bool WasLost { get; set; }

    public OrderAnswer? Take(Order order)
    {
        if (down || cut) return null;
        if (order.Epoch < epoch) return Refuse(Refusal.StaleEpoch, "another ServiceMaster is in charge") with { KnownEpoch = epoch };
        epoch = order.Epoch;
        switch (order)
        {
            case RunInstance run: return Run(run);
            case StopInstance:
                if (Book.TryGetValue(order.Instance, out var known) && known.Phase is Phase.Starting or Phase.Running)
                {
                    Set(known! with { Phase = Phase.Stopping });
                    Later(order.Instance, cluster.Between(0.01, 1.5), Phase.Stopping, it => it with { Phase = Phase.Exited, ExitCode = 0, EndedAt = cluster.Now });
                }

                if (known is null) ended[order.Instance] = order.Epoch;
                Tell(order.Instance);
                return OrderAnswer.Ok;
            default:
                if (Book.TryGetValue(order.Instance, out var present) && present.Phase != Phase.Exited) return Refuse(Refusal.Impossible, "it is alive");
                Book.Remove(order.Instance);
                ended[order.Instance] = order.Epoch;
                specs.Remove(order.Instance);
                Tell(order.Instance);
                return OrderAnswer.Ok;
        }
    }

    public void TellAll()
    {
        if (down) return;
        tellAll = true;
        Speak();
    }

    /// <summary>Something bad happens here.</summary>
    public void Suffer()
    {
        switch (cluster.Dice.Next(4))
        {
            case 0:
                cut = true;
                cluster.After(cluster.Between(0.5, 60), () => cut = false);
                break;
            case 1:
                // The agent's process dies and comes back; its containers run on.
                down = true;
                cluster.After(cluster.Between(0.5, 40), Restart);
                break;
            case 2:
                // The machine dies: so do the containers.
                down = true;
                life++;
                foreach (var container in Book.Values.Where(c => c.Phase != Phase.Exited).ToList()) Book[container.Instance] = container with { Phase = Phase.Exited, ExitCode = 255, EndedAt = cluster.Now };
                cluster.After(cluster.Between(5, 120), Restart);
                break;
            default:
                if (Book.Values.FirstOrDefault(c => c.Phase == Phase.Running) is { } victim) Set(victim with { Phase = Phase.Exited, ExitCode = 137, EndedAt = cluster.Now });
                break;
        }
    }

    public void Recover()
    {
        cut = false;
        if (down) Restart();
    }

    private static OrderAnswer Refuse(Refusal refusal, string reason) => new() { Refusal = refusal, Reason = reason };

    private OrderAnswer Run(RunInstance run)
    {
        if (Book.ContainsKey(run.Instance))
        {
            Tell(run.Instance);
            return OrderAnswer.Ok;
        }

        if (ended.TryGetValue(run.Instance, out var by) && run.Epoch <= by) return Refuse(Refusal.Impossible, "it has been ended here");
        var live = Book.Values.Where(c => c.Phase != Phase.Exited).Select(c => specs[c.Instance].Container).ToList();
        if (live.Sum(c => c.Resources.Reserve.Cpu) + run.Container.Resources.Reserve.Cpu > capacity.Cpu + 1e-9) return Refuse(Refusal.NoCapacity, "no room");
        if (run.Container.Ports.Any(p => p.Host is not null && live.Any(c => c.Ports.Contains(p)))) return Refuse(Refusal.PortTaken, "the port is in use");
        if (!everRun.Add(run.Instance)) cluster.BegunAgain.Add(run.Instance);
        specs[run.Instance] = run;
        Set(new InstanceReport { Instance = run.Instance, Phase = Phase.Starting, Message = "starting" });
        cluster.CheckSlots();
        var stalls = cluster.Happens(cluster.Faults.Late);
        Later(run.Instance, stalls ? cluster.Between(5, 60) : cluster.Between(0.05, 0.6), Phase.Starting, it =>
            run.Container.Image.EndsWith(":bad", StringComparison.Ordinal) ? it with { Phase = Phase.Exited, Message = "no such image", EndedAt = cluster.Now }
            : it with { Phase = Phase.Running, StartedAt = cluster.Now, Health = run.Container.Health is null ? InstanceHealth.None : InstanceHealth.Healthy });
        if (run.Container.Image.EndsWith(":exits", StringComparison.Ordinal))
            Later(run.Instance, cluster.Between(1, 4), Phase.Running, it => it with { Phase = Phase.Exited, ExitCode = 1, Message = "gives up", EndedAt = cluster.Now });
        return OrderAnswer.Ok;
    }

    /// <summary>What the container does by itself, unless the machine has died or something else has happened to it.</summary>
    private void Later(string instance, TimeSpan delay, Phase from, Func<InstanceReport, InstanceReport> become)
    {
        var then = life;
        cluster.After(delay, () =>
        {
            if (life == then && Book.TryGetValue(instance, out var it) && it.Phase == from) Set(become(it));
        });
    }

    private void Restart()
    {
        if (!down) return;
        down = false;
        telling = false;
        ended.Clear();
        incarnation++;
        TellAll();
        Beat(incarnation);
    }

    private void Beat() => Beat(incarnation);

    private void Beat(long of)
    {
        if (of != incarnation || down) return;
        if (!cut)
        {
            var live = Book.Values.Where(c => c.Phase != Phase.Exited).Select(c => specs[c.Instance].Container).ToList();
            var report = new WorkerReport
            {
                Name = Name, Incarnation = incarnation, Sequence = ++sequence, Address = "10.0.0.1", Capacity = capacity,
                Load = new WorkerLoad
                {
                    Cpu = Math.Min(1, live.Count / 10.0), Instances = live.Count,
                    Reserved = live.Select(c => c.Resources.Reserve).Aggregate(new ResourceAmount(), (a, b) => a + b),
                },
                HostPorts = live.SelectMany(c => c.Ports).Where(p => p.Host is not null).Select(p => p.Host!.Value).ToValueList(),
                Services = Book.Count > 0 ? ["web"] : [],
            };
            cluster.Send(() => cluster.Renew(report, this));
        }

        cluster.After(cluster.Between(0.9, 1.1), () => Beat(of));
    }

    private void Set(InstanceReport report)
    {
        Book[report.Instance] = report;
        Tell(report.Instance);
    }

    private void Tell(string instance)
    {
        untold.Add(instance);
        Speak();
    }

    /// <summary>One report is under way at a time; what changes meanwhile goes with the next, and what is not answered is told again.</summary>
    private void Speak()
    {
        if (down || telling || !tellAll && untold.Count == 0) return;
        telling = true;
        var mine = incarnation;
        cluster.After(TimeSpan.FromMilliseconds(1), () =>
        {
            if (mine != incarnation || down) return;
            var all = tellAll;
            var names = untold.ToList();
            (tellAll, var answered) = (false, false);
            untold.Clear();
            var report = new ServiceReport
            {
                Worker = Name, Service = "web", Sequence = ++sequence, Complete = all,
                Instances = (all ? Book.Values : names.Where(Book.ContainsKey).Select(n => Book[n])).ToValueList(),
                Gone = all ? [] : names.Where(n => !Book.ContainsKey(n)).ToValueList(),
            };
            if (!cut) cluster.Send(() => cluster.Report(report, () => answered = true));
            cluster.After(cut || cluster.Faults == Faults.None ? TimeSpan.FromMilliseconds(100) : cluster.Between(0.05, 3), () =>
            {
                if (mine != incarnation || down) return;
                telling = false;
                if (!answered)
                {
                    tellAll |= all;
                    untold.UnionWith(names);
                }

                Speak();
            });
        });
    }
}
