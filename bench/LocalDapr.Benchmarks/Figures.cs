using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Dapr.Client;

namespace LocalDapr.Benchmarks;

/// <summary>
/// Every figure as "name = value unit"; ratios are against a plain HTTP hop: the same client calling the same application directly.
/// </summary>
internal static class Figures
{
    private const int Callers = 16;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly byte[] Value = new byte[200];

    public static async Task PrintAsync(Stage stage, string[] only, CancellationToken cancel)
    {
        foreach (var (name, figure) in All(stage, cancel))
            if (only.Length == 0 || only.Any(word => name.Contains(word, StringComparison.Ordinal)))
                await figure();
    }

    private static IEnumerable<(string Name, Func<Task> Figure)> All(Stage stage, CancellationToken cancel)
    {
        // Idleness first: afterwards the process carries what the load left behind.
        yield return ("idle", () => IdleAsync(stage, cancel));
        yield return ("actor_call", () => ActorCallAsync(stage, cancel));
        yield return ("actor_calls_per_second", () => ActorThroughputAsync(stage, cancel));
        yield return ("invocation", () => InvocationAsync(stage, cancel));
        yield return ("state_save", () => StateSaveAsync(stage, cancel));
        yield return ("publish", () => PublishAsync(stage, cancel));
        yield return ("workflow", () => WorkflowFigures.PrintAsync(stage, Print, cancel));
    }

    private static async Task IdleAsync(Stage stage, CancellationToken cancel)
    {
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancel },
            async (i, _) => await Actor(stage, $"idle-{i}", cancel));
        // The calls above made methods hot; the runtime goes on compiling those in the background for some seconds.
        await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, cancel);
        Print("idle_cpu_percent", await ProcessFigures.CpuPercentAsync(stage.LocalDaprPid, TimeSpan.FromSeconds(20), cancel), "%");
        Print("idle_rss_mb", ProcessFigures.RssMegabytes(stage.LocalDaprPid), "MB");
    }

    private static async Task ActorCallAsync(Stage stage, CancellationToken cancel)
    {
        var (hop, call, ratio) = await Measure.InTurns(() => Hop(stage, cancel), () => Actor(stage, "one", cancel));
        Print("plain_http_hop_us", hop, "us");
        Print("actor_call_us", call, "us");
        Print("actor_call_over_http_hop", ratio, "x");
        var (_, _, direct) = await Measure.InTurns(() => Hop(stage, cancel), () => ActorInTheApp(stage, "one", cancel));
        Print("actor_without_sidecar_over_http_hop", direct, "x");
    }

    private static async Task ActorThroughputAsync(Stage stage, CancellationToken cancel)
    {
        Print("plain_http_hops_per_second", await Measure.PerSecond(Callers, _ => Hop(stage, cancel), Duration), "1/s");
        Print("actor_calls_per_second_1_actor", await Measure.PerSecond(Callers, _ => Actor(stage, "one", cancel), Duration), "1/s");
        var next = 0;
        Print("actor_calls_per_second_1000_actors",
            await Measure.PerSecond(Callers, _ => Actor(stage, $"many-{Interlocked.Increment(ref next) % 1000}", cancel), Duration), "1/s");
    }

    private static async Task InvocationAsync(Stage stage, CancellationToken cancel)
    {
        var (_, call, ratio) = await Measure.InTurns(
            () => Hop(stage, cancel), () => Get(stage, $"{stage.A.Sidecar}/v1.0/invoke/bench-b/method/ping", cancel));
        Print("invocation_us", call, "us");
        Print("invocation_over_http_hop", ratio, "x");
    }

    private static async Task StateSaveAsync(Stage stage, CancellationToken cancel)
    {
        var next = 0;
        Task Save() => stage.Dapr.SaveStateAsync(
            "statestore", $"key-{Interlocked.Increment(ref next) % 1000}", Value, cancellationToken: cancel);
        var (_, save, ratio) = await Measure.InTurns(() => Hop(stage, cancel), Save);
        Print("state_save_us", save, "us");
        Print("state_save_over_http_hop", ratio, "x");
        Print("state_saves_per_second", await Measure.PerSecond(Callers, _ => Save(), Duration), "1/s");
    }

    private static async Task PublishAsync(Stage stage, CancellationToken cancel)
    {
        const int warmUp = 300, count = 500;
        var (delays, hops) = (new List<double>(), new List<double>());
        for (var sent = 0; sent < warmUp + count; sent++)
        {
            await stage.Dapr.PublishEventAsync("pubsub", "sent", new Sent(Stopwatch.GetTimestamp()), cancel);
            // Each application gets its own copy; the next message is not sent before this one has come.
            var delay = await stage.Http.GetFromJsonAsync<double>($"{stage.A.App}/next-delay", cancel);
            var hop = await Measure.Microseconds(() => Hop(stage, cancel)) / 1000;
            if (sent < warmUp) continue;
            delays.Add(delay);
            hops.Add(hop);
        }

        Print("publish_to_delivery_ms", Measure.Median(delays), "ms");
        Print("publish_to_delivery_over_http_hop", Measure.Median(delays) / Measure.Median(hops), "x");
    }

    private static Task Hop(Stage stage, CancellationToken cancel) => Get(stage, $"{stage.A.App}/ping", cancel);

    private static Task Actor(Stage stage, string id, CancellationToken cancel) =>
        Put(stage, $"{stage.A.Sidecar}/v1.0/actors/Bench/{id}/method/Nop", cancel);

    /// <summary>The application's share: the same callback that the sidecar makes, without the sidecar.</summary>
    private static Task ActorInTheApp(Stage stage, string id, CancellationToken cancel) =>
        Put(stage, $"{stage.A.App}/actors/Bench/{id}/method/Nop", cancel);

    private static async Task Get(Stage stage, string address, CancellationToken cancel)
    {
        using var answer = await stage.Http.GetAsync(address, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task Put(Stage stage, string address, CancellationToken cancel)
    {
        using var answer = await stage.Http.PutAsync(address, null, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static void Print(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} = {value:0.###} {unit}"));
}
