using System.Diagnostics;
using Orchestrator.Client;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cluster.Benchmarks;

/// <summary>A running cluster, through its REST API as any user has it.</summary>
internal sealed class Api(OrchestratorClient client, string image)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Milliseconds from the POST until the API shows all instances running.</summary>
    public async Task<double> Deploy(string service, int instances)
    {
        var spec = new ServiceSpec
        {
            Container = new() { Image = image, Ports = [new(80)] }, Instances = instances, Restart = new() { Delay = TimeSpan.Zero },
        };
        var watch = Stopwatch.StartNew();
        await client.Services.Create(service, spec);
        await Until(service, view => view.Running == instances);
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
            var wanted = 1 + (i % 2);
            var watch = Stopwatch.StartNew();
            await client.Services.Scale(service, wanted);
            took.Add(watch.Elapsed.TotalMilliseconds);
            await Until(service, view => view.Running == wanted);
        }

        return took;
    }

    public async Task<string> FirstInstance(string service) =>
        (await Until(service, view => view.Running == view.Instances.Count)).Instances[0].Name;

    public async Task Withdraw(string service)
    {
        await client.Services.Withdraw(service);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await client.Services.Find(service, deadline.Token) is not null) await Task.Delay(Pause, TimeProvider.System,
            deadline.Token);
    }

    private async Task<ServiceView> Until(string service, Func<ServiceView, bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var view = await client.Services.Get(service, deadline.Token);
            if (condition(view)) return view;
            await Task.Delay(Pause, TimeProvider.System, deadline.Token);
        }
    }
}
