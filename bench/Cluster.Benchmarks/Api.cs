using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Cluster.Benchmarks;

/// <summary>A running cluster, through its REST API as any user has it.</summary>
internal sealed class Api(HttpClient http, string image)
{
    private static readonly int[] Ports = [80];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Milliseconds from the POST until the API shows all instances running.</summary>
    public async Task<double> Deploy(string service, int instances)
    {
        var watch = Stopwatch.StartNew();
        var answer = await http.PostAsJsonAsync(
            $"/services/{service}", new { image, ports = Ports, instances, restart = new { delay = "0s" } });
        answer.EnsureSuccessStatusCode();
        await Until(service, view => (int?)view["running"] == instances);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>
    /// Milliseconds until a change is answered that decides and saves something, and orders an instance to end or to begin; each in turn.
    /// </summary>
    public async Task<List<double>> Change(string service, int times)
    {
        List<double> took = [];
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await http.PutAsJsonAsync($"/services/{service}", new { instances = 1 + (i % 2) });
            answer.EnsureSuccessStatusCode();
            took.Add(watch.Elapsed.TotalMilliseconds);
            await Until(service, view => (int?)view["running"] == 1 + (i % 2));
        }

        return took;
    }

    public async Task<string> FirstInstance(string service)
    {
        var view = await Until(service, view => (int?)view["running"] == view["instances"]!.AsArray().Count);
        return (string)view["instances"]![0]!["name"]!;
    }

    public async Task Withdraw(string service)
    {
        await http.DeleteAsync(new Uri($"/services/{service}", UriKind.Relative));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await http.GetAsync(
            new Uri($"/services/{service}", UriKind.Relative), deadline.Token)).StatusCode != HttpStatusCode.NotFound)
            await Task.Delay(Pause, TimeProvider.System, deadline.Token);
    }

    private async Task<JsonNode> Until(string service, Func<JsonNode, bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var view = (await http.GetFromJsonAsync<JsonNode>($"/services/{service}", deadline.Token))!;
            if (condition(view)) return view;
            await Task.Delay(Pause, TimeProvider.System, deadline.Token);
        }
    }
}
