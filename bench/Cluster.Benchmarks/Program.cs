using System.Globalization;
using Docker.DotNet;
using Orchestrator.Client;
using Orchestrator.Client.Problems;
using Orchestrator.Cluster.Benchmarks;

// Against a cluster that runs (./orchestrator up): how much the orchestrator adds to what the engine itself needs. Runs alternate.
const int Rounds = 7;
const int FewRounds = 3;
var (Calm, Idle) = (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60));
var url = new Uri(Environment.GetEnvironmentVariable("ORCHESTRATOR_URL") ?? "http://localhost:5000");
var image = args.Length > 0 ? args[0] : "busybox-www:1";

using var client = new OrchestratorClient($"{url}");
// What requests and answers of many services cost is measured on the wire, without what a client makes of them.
using var http = new HttpClient { BaseAddress = url };
using var docker = new DockerClientBuilder().Build();
var api = new Api(client, image);
var engine = new RawEngine(docker, image);
try
{
    await client.Members.List();
}
catch (NoMasterException e)
{
    await Console.Error.WriteLineAsync($"No cluster answers at {url} ({e.Message}); start one with ./orchestrator up");
    return 2;
}

var processes = new Processes(Environment.GetEnvironmentVariable("ORCHESTRATOR_STATUS"));
if (args is not [_, "probes", ..]) PrintMemory("");

if (args is [_, "probes", ..])
{
    foreach (var (name, value, unit) in await Probed.Measure(client, processes, image)) Print(name, value, unit);
    return 0;
}

if (args is not [_, "costs", ..])
{
    await api.Deploy("bench-few", 3);
    await Task.Delay(Calm, TimeProvider.System);
    foreach (var (kind, percent) in await processes.Cpu(Idle)) Print($"idle_{kind}_with_3_instances", percent, "% of a core");
    await api.Withdraw("bench-few");
    await api.Deploy("bench-change", 1);
    var answered = await api.Change("bench-change", 21);
    Print("change_p50", Median(answered), "ms");
    Print("change_best", answered.Min(), "ms");
    await api.Withdraw("bench-change");

    List<double> rawOne = [], deployOne = [], repair = [], rawTen = [], deployTen = [];
    for (var round = 0; round < Rounds; round++)
    {
        rawOne.Add(await engine.Start(1));
        deployOne.Add(await api.Deploy($"bench-one-{round}", 1));
        repair.Add(await engine.Repair(await api.FirstInstance($"bench-one-{round}"), $"bench-one-{round}"));
        await api.Withdraw($"bench-one-{round}");
        rawTen.Add(await engine.Start(10));
        deployTen.Add(await api.Deploy($"bench-ten-{round}", 10));
        await api.Withdraw($"bench-ten-{round}");
    }

    List<double> rawFifty = [], deployFifty = [];
    for (var round = 0; round < FewRounds; round++)
    {
        rawFifty.Add(await engine.Start(50));
        deployFifty.Add(await api.Deploy($"bench-fifty-{round}", 50));
        await api.Withdraw($"bench-fifty-{round}");
    }

    Print("raw_start_1", Median(rawOne), "ms");
    Print("deploy_1", Median(deployOne), "ms");
    Print("deploy_1_over_raw", Median(deployOne) / Median(rawOne), "x");
    Print("deploy_1_more_than_raw", Median(deployOne) - Median(rawOne), "ms");
    Print("repair_after_kill", Median(repair), "ms");
    Print("repair_over_raw", Median(repair) / Median(rawOne), "x");
    Print("raw_start_10", Median(rawTen), "ms");
    Print("deploy_10", Median(deployTen), "ms");
    Print("deploy_10_over_raw", Median(deployTen) / Median(rawTen), "x");
    Print("raw_start_50", Median(rawFifty), "ms");
    Print("deploy_50", Median(deployFifty), "ms");
    Print("deploy_50_over_raw", Median(deployFifty) / Median(rawFifty), "x");
}

await using var services = new Services(http, image);
Print("creates_first_200", await services.Create(200), "/s");
Print("creates", await services.Create(300), "/s");
await services.Get(200);
var gets = await services.Get(2000);
Print("get_p50", Median(gets), "ms");
Print("get_p99", gets.Order().ElementAt(gets.Count * 99 / 100), "ms");
await services.List(3);
Print("list_of_500", Median(await services.List(10)), "ms");
await services.Create(1500);
// By now .NET has compiled what is called often, which takes most of the processor time of the first thousand.
Print("creates_after_2000", await services.Create(500), "/s");
Print("list_of_2500_a_page_of_500", Median(await services.List(4)), "ms");
await Task.Delay(Calm, TimeProvider.System);
foreach (var (kind, percent) in await processes.Cpu(Idle)) Print($"idle_{kind}_with_2500", percent, "% of a core");
PrintMemory("_with_2500");
return 0;

void PrintMemory(string when)
{
    foreach (var (kind, resident, share) in processes.Memory())
    {
        Print($"memory_{kind}{when}", resident, "MB");
        Print($"memory_{kind}{when}_share", share, "MB");
    }
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static void Print(string name, double value, string unit) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} = {value:0.##} {unit}"));
