using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>
/// Docker Swarm mode on the engines of the bed, with its default settings: <c>worker-a</c> is the manager, both run what is to run. Its
/// containers carry our labels with another cluster's name, so that they are seen and touched by nobody of the bed.
/// </summary>
internal sealed class Swarm : IAsyncDisposable
{
    private const string Cluster = "swarm";
    private const string Manager = "worker-a";
    private const string Other = "worker-b";

    private readonly TestBed bed;
    private readonly List<EngineWatch> engines = [];

    private Swarm(TestBed bed) => this.bed = bed;

    public static async Task<Swarm> Make(TestBed bed)
    {
        var swarm = new Swarm(bed);
        await swarm.Docker(Manager, "swarm", "init", "--advertise-addr", "eth0");
        var token = await swarm.Docker(Manager, "swarm", "join-token", "--quiet", "worker");
        await swarm.Docker(Other, "swarm", "join", "--token", token, $"{BedRunFile.Address(Manager)}:2377");
        foreach (var worker in BedRunFile.Workers)
        {
            swarm.engines.Add(new EngineWatch(worker, bed.EngineSocket(worker), Cluster, () => bed.Record));
            await swarm.engines[^1].Ready;
        }

        return swarm;
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

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in BedRunFile.Workers) await Docker(worker, "swarm", "leave", "--force");
        foreach (var engine in engines) await engine.DisposeAsync();
    }

    /// <summary>Four, two on each machine; what was there before is gone.</summary>
    private async Task Create()
    {
        await Shell.Try("docker", "-H", $"unix://{bed.EngineSocket(Manager)}", "service", "rm", Cluster);
        await bed.Eventually(() => Containers(), count => count == 0, "nothing of Swarm runs");
        await bed.Eventually(() => Docker(Manager, "node", "ls", "--format", "{{.Status}}"),
            status => status == "Ready\nReady", "both nodes of Swarm are ready");
        string[] labels = [$"cluster={Cluster}", "instance=swarm", "service=swarm", "slot=1", "epoch=1"];
        await Docker(Manager, ["service", "create", "--detach", "--name", Cluster, "--replicas", "4", "--stop-grace-period", "1s",
            .. labels.SelectMany(label => new[] { "--container-label", $"orchestrator.{label}" }), TestBed.Image]);
        await bed.Eventually(() => Containers(), count => count == 4, "four of Swarm run");
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
