using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LocalDapr.Faults;
using LocalDapr.Launch;
using Orchestrator.LocalDapr_Tests.Launch;
using Orchestrator.Testing;

namespace LocalDapr.Tests.Faults;

/// <summary>Two masters of the product beside sidecars that treat calls under way as daprd does.</summary>
public sealed class HangingCallsTests : IAsyncDisposable
{
    private const int SigStop = 19;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<RunningProgram> masters = [];
    private readonly HttpClient http = new();
    private LocalDaprHost? dapr;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var master in masters) await master.DisposeAsync();
        if (dapr is not null) await dapr.DisposeAsync();
        http.Dispose();
    }

    [Fact]
    public async Task A_master_gives_up_calls_that_hang_on_a_dead_one_and_answers_each_request_once_within_its_budget()
    {
        dapr = await LocalDaprHost.StartAsync(new() { EnableFaults = true }, Cancel);
        var (first, _) = await AddMasterAsync("one");
        var (_, beside) = await AddMasterAsync("two");
        using var hangs = dapr.Faults.HangWhenAppDies(new() { ActorType = "ServiceMaster" });

        masters[1].Signal(SigStop);
        var answers = Enumerable.Range(0, 16).Select(i => AskAsync(first, $"hanging-{i}")).ToList();
        await Eventually.Become(
            () => ServiceMastersAsync(beside), count => count > 0, Soon, "a call is under way in the second master", Cancel);
        masters[1].Signal(Signals.Kill);

        var answered = await Task.WhenAll(answers);
        Assert.All(answered, answer => Assert.True(
            answer.Status is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable, $"{answer}"));
        // One try of 4 s that hangs, then others: none begins later than 8 s after the first.
        Assert.InRange(answered.Max(answer => answer.Took).TotalSeconds, 3.9, 12.5);
        await Eventually.Become(
            async () => string.Join(' ', (await Task.WhenAll(Enumerable.Range(0, 16).Select(i => AskAsync(first, $"hanging-{i}"))))
                .Select(answer => answer.Status).Distinct()),
            statuses => statuses == "NotFound", Soon, "every service is answered by the master that lives", Cancel);
    }

    [Fact]
    public async Task A_service_that_hangs_for_good_is_one_503_within_the_budget()
    {
        dapr = await LocalDaprHost.StartAsync(new() { EnableFaults = true }, Cancel);
        var (api, _) = await AddMasterAsync("one");
        using var delay = dapr.Faults.DelayCalls(new() { ActorType = "ServiceMaster" }, TimeSpan.FromMinutes(5));

        var answer = await AskAsync(api, "hanging");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.InRange(answer.Took.TotalSeconds, 3.9, 12.5);
    }

    /// <summary>A master and its sidecar; answers where its API is.</summary>
    private async Task<(Uri Api, Sidecar Sidecar)> AddMasterAsync(string name)
    {
        var (port, api) = (FreePort(), FreePort());
        var sidecar = await dapr!.AddSidecarAsync(
            new()
            {
                AppId = "control-plane", AppPort = port, EnableAppHealthCheck = true,
                AppHealthProbeInterval = TimeSpan.FromSeconds(1), AppHealthProbeTimeout = TimeSpan.FromMilliseconds(900),
            },
            Cancel);
        masters.Add(RunningProgram.Start(
            "env", $"API_PORT={api}", $"APP_PORT={port}", $"DAPR_HTTP_PORT={sidecar.HttpPort}", $"DAPR_GRPC_PORT={sidecar.GrpcPort}",
            $"MEMBER_NAME={name}", "dotnet", Repository.ControlPlane));
        await sidecar.WhenReadyAsync(Cancel).WaitAsync(Soon, TimeProvider.System, Cancel);
        return (new Uri($"http://127.0.0.1:{api}"), sidecar);
    }

    private async Task<(HttpStatusCode Status, TimeSpan Took)> AskAsync(Uri master, string service)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(new Uri(master, $"/services/{service}"), Cancel);
        return (answer.StatusCode, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>How many are active beside a sidecar: a call activates its actor before it reaches the app.</summary>
    private async Task<int> ServiceMastersAsync(Sidecar sidecar)
    {
        var metadata = await http.GetStringAsync(new Uri($"http://127.0.0.1:{sidecar.HttpPort}/v1.0/metadata"), Cancel);
        using var json = JsonDocument.Parse(metadata);
        return json.RootElement.GetProperty("actorRuntime").GetProperty("activeActors").EnumerateArray()
            .Where(actors => actors.GetProperty("type").GetString() == "ServiceMaster")
            .Sum(actors => actors.GetProperty("count").GetInt32());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
