using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.WorkerAgent.Tests.Discovery;

/// <summary>A load balancer that knows of its servers what Consul's DNS says.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private const string Servers = "resolvers consul resolve-opts allow-dup-ip resolve-prefer ipv4 init-addr none";

    private readonly string folder = Directory.CreateTempSubdirectory("haproxy-").FullName;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly int port = FreePorts.Find(1)[0];
    private Process? process;

    public static async Task<HaProxy> Start(int dnsPort, string service)
    {
        var proxy = new HaProxy();
        var file = Path.Combine(proxy.folder, "haproxy.cfg");
        await File.WriteAllTextAsync(file, $"""
            global
              maxconn 100
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            resolvers consul
              nameserver consul 127.0.0.1:{dnsPort}
              accepted_payload_size 8192
              timeout resolve 200ms
              timeout retry 200ms
              hold valid 200ms
              hold obsolete 0s
              hold nx 0s
            frontend front
              bind 127.0.0.1:{proxy.port}
              default_backend instances
            backend instances
              balance roundrobin
              server-template it 5 _{service}._tcp.service.consul {Servers}

            """);
        var start = new ProcessStartInfo("haproxy", ["-f", file, "-db"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        proxy.process = Process.Start(start)!;
        proxy.process.OutputDataReceived += (_, _) => { };
        proxy.process.ErrorDataReceived += (_, _) => { };
        proxy.process.BeginOutputReadLine();
        proxy.process.BeginErrorReadLine();
        return proxy;
    }

    /// <summary>Who answers, of some requests in a row; a request that nobody answers is an answer too.</summary>
    public async Task<string> Answers()
    {
        SortedSet<string> answers = new(StringComparer.Ordinal);
        for (var i = 0; i < 12; i++)
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
            answers.Add(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{(int)answer.StatusCode}");
        }

        return string.Join(", ", answers);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        http.Dispose();
        Folders.Remove(folder);
    }
}
