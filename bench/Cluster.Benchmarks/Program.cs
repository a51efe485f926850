using System.Globalization;
using Docker.DotNet;
using Orchestrator.Cluster.Benchmarks;

// Against a cluster that runs (./orchestrator up): how much the orchestrator adds to what the engine itself needs. Runs alternate.
const int Rounds = 7;
var url = new Uri(Environment.GetEnvironmentVariable("ORCHESTRATOR_URL") ?? "http://localhost:5000");
var image = args.Length > 0 ? args[0] : "busybox-www:1";

using var http = new HttpClient { BaseAddress = url };
using var docker = new DockerClientBuilder().Build();
var api = new Api(http, image);
var engine = new RawEngine(docker, image);
try
{
    (await http.GetAsync(new Uri("/members", UriKind.Relative))).EnsureSuccessStatusCode();
}
catch (HttpRequestException e)
{
    await Console.Error.WriteLineAsync($"No cluster answers at {url} ({e.Message}); start one with ./orchestrator up");
    return 2;
}

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

Print("raw_start_1", Median(rawOne), "ms");
Print("deploy_1", Median(deployOne), "ms");
Print("deploy_1_over_raw", Median(deployOne) / Median(rawOne), "x");
Print("repair_after_kill", Median(repair), "ms");
Print("repair_over_raw", Median(repair) / Median(rawOne), "x");
Print("raw_start_10", Median(rawTen), "ms");
Print("deploy_10", Median(deployTen), "ms");
Print("deploy_10_over_raw", Median(deployTen) / Median(rawTen), "x");
return 0;

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static void Print(string name, double value, string unit) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} = {value:0.##} {unit}"));
