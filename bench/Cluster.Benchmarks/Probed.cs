using Orchestrator.Client;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cluster.Benchmarks;

/// <summary>What it costs a worker to keep many containers and to ask each of them over HTTP every five seconds.</summary>
internal static class Probed
{
    private const string Service = "bench-probed";
    private const int Instances = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);

    /// <summary>Of the worker that has them all and its guard: processor time over a minute, and memory at its end.</summary>
    public static async Task<List<(string Name, double Value, string Unit)>> Measure(
        OrchestratorClient client, Processes processes, string image)
    {
        var members = await client.Members.List();
        var worker = members.Members.First(it => it.Role == Contracts.Members.MemberRole.Worker).Name;
        await client.Services.Create(Service, new ServiceSpec
        {
            Container = new()
            {
                Image = image, Ports = [new(80)],
                Health = new() { Http = new() { Path = "/index.html" }, Interval = TimeSpan.FromSeconds(5) },
            },
            Instances = Instances,
            Placement = new() { Constraints = [$"worker == {worker}"] },
        });
        try
        {
            await AllRun(client);
            await Task.Delay(Calm, TimeProvider.System);
            List<(string, double, string)> figures = [];
            foreach (var (kind, percent) in await processes.Cpu(Measured)) figures.Add(($"probed_{kind}", percent, "% of a core"));
            foreach (var (kind, resident, share) in processes.Memory())
            {
                figures.Add(($"memory_{kind}_probed", resident, "MB"));
                figures.Add(($"memory_{kind}_probed_share", share, "MB"));
            }

            return figures;
        }
        finally
        {
            await client.Services.Withdraw(Service);
        }
    }

    private static async Task AllRun(OrchestratorClient client)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (await client.Services.Get(Service, deadline.Token) is not { Running: Instances })
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, deadline.Token);
    }
}
