using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>
/// Docker Swarm mode on the engines of the bed, with its default settings: <c>worker-a</c> is a manager, the only one or beside
/// <c>worker-b</c> and <c>control</c>, which leads and runs nothing; both workers run what is to run. Its containers carry our labels with
/// another cluster's name, so that they are seen and touched by nobody of the bed.
/// </summary>
internal sealed class Swarm : IAsyncDisposable
{
    private const string Cluster = "swarm";
    private const string Manager = "worker-a";
    private const string Other = "worker-b";

    private readonly TestBed bed;
    private readonly List<EngineWatch> engines = [];
    private readonly List<string> nodes = [.. BedRunFile.Workers];

    private Swarm(TestBed bed) => this.bed = bed;

    public static async Task<Swarm> Make(TestBed bed)
    {
        var swarm = new Swarm(bed);
        await swarm.Docker(Manager, "swarm", "init", "--advertise-addr", "eth0");
        await swarm.Join(Manager, "worker", Other);
        await swarm.Watch();
        return swarm;
    }

    public static async Task<Swarm> MakeOfThreeManagers(TestBed bed)
    {
        var swarm = new Swarm(bed);
        swarm.nodes.Add(TestBed.Control);
        await bed.BringEngine(TestBed.Control);
        await swarm.Docker(TestBed.Control, "swarm", "init", "--advertise-addr", "eth0", "--availability", "drain");
        await swarm.Join(TestBed.Control, "manager", Manager, Other);
        await swarm.Watch();
        return swarm;
    }

    private async Task Join(string at, string role, params string[] joining)
    {
        var token = await Docker(at, "swarm", "join-token", "--quiet", role);
        foreach (var node in joining) await Docker(node, "swarm", "join", "--token", token, $"{TestBed.AddressOf(at)}:2377");
    }

    private async Task Watch()
    {
        foreach (var worker in BedRunFile.Workers)
        {
            engines.Add(new EngineWatch(worker, bed.EngineSocket(worker), Cluster, () => bed.Record));
            await engines[^1].Ready;
        }
    }

    public async Task<TimeSpan> KillContainer()
    {
        await Create();
        return await bed.FullAgain(4, await bed.KillContainer(Manager, Cluster));
    }

    public async Task<TimeSpan> CutOff()
    {
        await Create();
        await bed.Lose(Other, Manager, 1);
        await bed.Lose(Manager, Other, 1);
        var took = await bed.FullAgain(4, Wall.Now, without: Other);
        await bed.Heal();
        return took;
    }

    public async Task<TimeSpan> KillEngine()
    {
        await Create();
        var begin = Wall.Now;
        await bed.KillEngine(Other);
        var took = await bed.FullAgain(4, begin, without: Other);
        await bed.BringEngine(Other);
        return took;
    }

    /// <summary>One more is asked for of another manager, which may have to wait for a new leader.</summary>
    public async Task<TimeSpan> KillLeader()
    {
        await LeadFromControl();
        await Create(instances: 3);
        var begin = Wall.Now;
        await bed.KillEngine(TestBed.Control);
        await Insist(Manager, "service", "scale", "--detach", $"{Cluster}=4");
        var took = await bed.FullAgain(4, begin);
        await bed.BringEngine(TestBed.Control);
        return took;
    }

    /// <summary>After a leader was killed another one leads: it and the third leave the lead by being no managers for a moment.</summary>
    private async Task LeadFromControl()
    {
        if (!await Leads())
        {
            foreach (var step in new[] { "demote", "promote" })
            {
                // Its record of a node that has just come back may change at the same moment: then it wants to be asked again.
                foreach (var node in BedRunFile.Workers) await Insist(TestBed.Control, "node", step, node);
            }
        }

        await bed.Eventually(Leads, leads => leads, "control leads Swarm's managers");
        await bed.Eventually(() => Docker(Manager, "node", "ls", "--format", "{{.ManagerStatus}}"),
            status => status.Split('\n').Count(it => it == "Reachable") == 2, "both other managers of Swarm are there");

        async Task<bool> Leads() =>
            await Docker(TestBed.Control, "node", "inspect", "self", "--format", "{{.ManagerStatus.Leader}}") == "true";
    }

    /// <summary>Asks again until it is taken.</summary>
    private Task<(int ExitCode, string Output)> Insist(string node, params string[] command) => bed.Eventually(
        () => Shell.Try("docker", ["-H", $"unix://{bed.EngineSocket(node)}", .. command]),
        answer => answer.ExitCode == 0, $"Swarm takes on {node}: {string.Join(' ', command)}");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await Docker(node, "swarm", "leave", "--force");
        if (nodes.Contains(TestBed.Control)) await bed.EndEngine(TestBed.Control);
        foreach (var engine in engines) await engine.DisposeAsync();
    }

    /// <summary>As many on both machines; what was there before is gone.</summary>
    private async Task Create(int instances = 4)
    {
        await Shell.Try("docker", "-H", $"unix://{bed.EngineSocket(Manager)}", "service", "rm", Cluster);
        await bed.Eventually(() => Containers(), count => count == 0, "nothing of Swarm runs");
        await bed.Eventually(() => Docker(Manager, "node", "ls", "--format", "{{.Status}}"),
            status => status.Split('\n').Count(it => it == "Ready") == nodes.Count, "all nodes of Swarm are ready");
        string[] labels = [$"cluster={Cluster}", "instance=swarm", "service=swarm", "slot=1", "epoch=1"];
        await Docker(Manager, ["service", "create", "--detach", "--name", Cluster, "--replicas", $"{instances}",
            "--stop-grace-period", "1s", .. labels.SelectMany(label => new[] { "--container-label", $"orchestrator.{label}" }), TestBed.Image]);
        await bed.Eventually(() => Containers(), count => count == instances, $"{instances} of Swarm run");
    }

    private async Task<int> Containers()
    {
        var count = 0;
        foreach (var worker in BedRunFile.Workers)
            count += (await Docker(worker, "ps", "--quiet", "--filter", $"label=orchestrator.cluster={Cluster}"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        return count;
    }

    private Task<string> Docker(string worker, params string[] arguments) =>
        Shell.Run("docker", ["-H", $"unix://{bed.EngineSocket(worker)}", .. arguments]);
}
