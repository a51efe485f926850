using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dapr.Client;

namespace LocalDapr.Benchmarks;

/// <summary>LocalDapr as a process of its own, on a fresh folder, with two applications beside it: everything as in use.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _localDapr;

    private Stage(string folder, Process localDapr, Place a, Place b)
    {
        (_folder, _localDapr, A, B) = (folder, localDapr, a, b);
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
        Dapr = new DaprClientBuilder().UseHttpEndpoint(a.Sidecar).UseGrpcEndpoint($"http://127.0.0.1:{a.GrpcPort}").Build();
    }

    public Place A { get; }
    public Place B { get; }
    public int LocalDaprPid => _localDapr.Id;
    public HttpClient Http { get; }
    public DaprClient Dapr { get; }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "LocalDapr.Benchmarks");
    private static string LocalDaprProgram => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../LocalDapr/release/LocalDapr"));

    public static async Task<Stage> OpenAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("localdapr-bench-").FullName;
        var runFile = Path.Combine(folder, "dapr.yaml");
        var (portA, portB) = (FreePort(), FreePort());
        await File.WriteAllTextAsync(runFile, $"""
            version: 1
            common:
              enableAppHealthCheck: true
              appHealthProbeInterval: 1
            apps:
              - appID: bench-a
                appDirPath: {folder}
                appPort: {portA}
                command: ["{Program}", "app"]
              - appID: bench-b
                appDirPath: {folder}
                appPort: {portB}
                command: ["{Program}", "app"]
            """, cancel);
        var localDapr = Start(["--folder", Path.Combine(folder, "data"), "run", "-f", runFile]);
        var said = new List<string>();
        while (await localDapr.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            said.Add(line);
            if (!line.Contains("Ready:", StringComparison.Ordinal)) continue;
            _ = localDapr.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancel);
            var places = await PlacesAsync(folder, cancel);
            return new Stage(folder, localDapr, places["bench-a"], places["bench-b"]);
        }

        throw new InvalidOperationException(
            $"LocalDapr ended before it was ready:\n{string.Join('\n', said)}\n{await localDapr.StandardError.ReadToEndAsync(cancel)}");
    }

    public async ValueTask DisposeAsync()
    {
        using var down = Start(["--folder", Path.Combine(_folder, "data"), "down"]);
        await down.WaitForExitAsync();
        await _localDapr.WaitForExitAsync();
        _localDapr.Dispose();
        Dapr.Dispose();
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Dictionary<string, Place>> PlacesAsync(string folder, CancellationToken cancel)
    {
        using var status = Start(["--folder", Path.Combine(folder, "data"), "status", "--json"]);
        var json = JsonDocument.Parse(await status.StandardOutput.ReadToEndAsync(cancel)).RootElement;
        return json.GetProperty("apps").EnumerateArray().ToDictionary(
            app => app.GetProperty("appId").GetString()!,
            app => new Place(app.GetProperty("appPort").GetInt32(), app.GetProperty("daprHttpPort").GetInt32(),
                app.GetProperty("daprGrpcPort").GetInt32()));
    }

    private static Process Start(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(LocalDaprProgram, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>One application and its sidecar.</summary>
internal sealed record Place(int AppPort, int HttpPort, int GrpcPort)
{
    public string App => $"http://127.0.0.1:{AppPort}";
    public string Sidecar => $"http://127.0.0.1:{HttpPort}";
}
