using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Orchestrator.Cluster.Benchmarks;

/// <summary>The physical limit: the same containers started through the Engine API and nothing else.</summary>
internal sealed class RawEngine(IDockerClient docker, string image)
{
    private const int AtATime = 4;
    private int count;

    /// <summary>Milliseconds to create and start so many containers with a published port; they are removed after.</summary>
    public async Task<double> Start(int containers)
    {
        var ids = new string[containers];
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, containers, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (index, cancel) =>
        {
            var created = await docker.Containers.CreateContainerAsync(new CreateContainerParameters
            {
                Name = $"bench-raw-{Environment.ProcessId}-{Interlocked.Increment(ref count)}",
                Image = image,
                ExposedPorts = new Dictionary<string, EmptyStruct> { ["80/tcp"] = default },
                HostConfig = new HostConfig
                {
                    PortBindings = new Dictionary<string, IList<PortBinding>> { ["80/tcp"] = [new PortBinding { HostIP = "127.0.0.1" }] },
                },
            }, cancel);
            ids[index] = created.ID;
            await docker.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), cancel);
        });
        var elapsed = watch.Elapsed.TotalMilliseconds;
        foreach (var id in ids) await docker.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true });
        return elapsed;
    }

    /// <summary>
    /// Kills a container and waits for the next one of the cluster to start; answers the milliseconds between the engine's own two events.
    /// </summary>
    public async Task<double> Repair(string instance, string service)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var died = new TaskCompletionSource<long>();
        var started = new TaskCompletionSource<long>();
        var watching = docker.System.MonitorEventsAsync(new ContainerEventsParameters(), new Progress(message =>
        {
            var name = message.Actor?.Attributes is { } attributes && attributes.TryGetValue("name", out var value) ? value : "";
            if (message.Action == "die" && name == instance) died.TrySetResult(message.TimeNano ?? 0);
            else if (message.Action == "start" && name != instance
                && name.StartsWith(service + "-", StringComparison.Ordinal)) started.TrySetResult(message.TimeNano ?? 0);
        }), deadline.Token);
        await docker.Containers.KillContainerAsync(instance, new ContainerKillParameters { Signal = "SIGKILL" }, deadline.Token);
        var between = await started.Task.WaitAsync(deadline.Token) - await died.Task.WaitAsync(deadline.Token);
        await deadline.CancelAsync();
        await ((Task)watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return between / 1e6;
    }

    private sealed class Progress(Action<Message> take) : IProgress<Message>
    {
        public void Report(Message value) => take(value);
    }
}
