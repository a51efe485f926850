using System.Diagnostics;
using System.Text.Json.Nodes;
using Orchestrator.Testing;

namespace Orchestrator.WorkerAgent.Tests.Discovery;

/// <summary>A Consul agent of our own on loopback, with free ports, gone afterwards.</summary>
public sealed class RealConsul : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("consul-").FullName;
    private Process? process;

    /// <summary>Why these tests cannot run here; none when they can.</summary>
    public string? Missing { get; private set; }

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    /// <summary>Where it answers DNS, on loopback.</summary>
    public int DnsPort { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var program = OnPath.Find("consul");
        if (program is null)
        {
            Missing = "no consul program is on the path";
            return;
        }

        var ports = FreePorts.Find(5);
        DnsPort = ports[4];
        Address = new Uri($"http://127.0.0.1:{ports[0]}");
        var start = new ProcessStartInfo(program, [
            "agent", "-dev", "-bind=127.0.0.1", "-client=127.0.0.1", $"-http-port={ports[0]}", $"-server-port={ports[1]}",
                $"-serf-lan-port={ports[2]}", $"-serf-wan-port={ports[3]}",
            $"-dns-port={DnsPort}", "-grpc-port=-1", $"-node=test-{ports[0]}", $"-data-dir={folder}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.Become(
            async () => await Http.GetStringAsync(new Uri(Address, "v1/status/leader")), leader =>
                leader.Length > 2, TimeSpan.FromSeconds(60), "Consul has a leader");
    }

    /// <summary>What a client finds that asks for healthy instances: address and port of each.</summary>
    public async Task<string> Healthy(string service)
    {
        var answer = JsonNode.Parse(await Http.GetStringAsync(new Uri(Address, $"v1/health/service/{service}?passing=true")))!.AsArray();
        return string.Join(", ", answer.Select(a => a!["Service"]!).Select(s => $"{s["ID"]} {s[nameof(Address)]}:{s["Port"]}")
            .Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Http.Dispose();
        Folders.Remove(folder);
    }
}
