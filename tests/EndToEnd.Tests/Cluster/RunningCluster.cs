using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>
/// Two masters and two workers as real processes on LocalDapr and a real engine, in a folder and under a cluster name of their own.
/// </summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-e2e-").FullName;
    private readonly string cluster = $"e2e-{Guid.NewGuid():N}"[..12];
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly StringBuilder output = new();
    private readonly ConcurrentDictionary<int, OrchestratorClient> clients = new();
    private Process? process;

    private readonly (string Name, string Value)[] environment;

    private RunningCluster((string Name, string Value)[] environment)
    {
        this.environment = environment;
        Engine = new Engine(cluster);
        RunFile = RunFile.Write(Repository, folder, cluster);
    }

    public static string Repository { get; } = FindRepository();

    public Engine Engine { get; }

    public RunFile RunFile { get; }

    /// <summary>The containers' label.</summary>
    public string Name => cluster;

    /// <summary>Everything that the cluster writes is here.</summary>
    public string Folder => folder;

    /// <summary>Where the workers keep their data, a folder each.</summary>
    public string WorkersFolder => Path.Combine(folder, ".orchestrator", "workers");

    private string SidecarToken { get; } = Guid.NewGuid().ToString("N");

    private string AppToken { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether the launcher or an application has printed it.</summary>
    public bool Printed(string words)
    {
        lock (output) return output.ToString().Contains(words, StringComparison.Ordinal);
    }

    /// <param name="environment">What launcher and applications get besides the run file's.</param>
    public static async Task<RunningCluster> Start(params (string Name, string Value)[] environment)
    {
        await Engine.MakeImage(Engine.Image, "ok");
        var cluster = new RunningCluster(environment);
        try
        {
            await cluster.Up();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the launcher and waits until all members are ready.</summary>
    public async Task Up()
    {
        var start = new ProcessStartInfo("dotnet", LocalDapr("run", "-f", RunFile.Path))
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["DAPR_API_TOKEN"] = SidecarToken, ["APP_API_TOKEN"] = AppToken },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually(async () => await Members(), members =>
            members.Members.Count(m => m.Status == Contracts.Workers.WorkerHealth.Ready) == 4, "2 masters and 2 workers are ready");
    }

    /// <summary>Stops launcher and applications as Ctrl-C would; containers stay.</summary>
    public async Task Down()
    {
        if (process is null) return;
        if (!process.HasExited)
        {
            await Shell.Try("kill", "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"the launcher did not end within 30 s of SIGTERM; it printed:\n{Tail()}");
            }
        }

        process.Dispose();
        process = null;
    }

    /// <summary>All that was ever decided is gone; only while nothing runs.</summary>
    public void EmptyStore() => Directory.Delete(Path.Combine(folder, ".orchestrator", "dapr"), recursive: true);

    public Task StopApp(string name, bool kill = false) =>
        Shell.Run("dotnet", kill ? LocalDapr("stop", name, "--kill") : LocalDapr("stop", name));

    public Task StartApp(string name) => Shell.Run("dotnet", LocalDapr("start", name));

    /// <summary>As a user has it, at this master alone and without patience: a test wants to see what that master says.</summary>
    public OrchestratorClient Client(int master = 0) => clients.GetOrAdd(master, at => new(new OrchestratorClientOptions
    {
        Servers = [RunFile.Masters[at].Url], Patience = TimeSpan.Zero, ReachWithin = TimeSpan.Zero,
    }));

    public Task<MemberList> Members(int master = 0) => Client(master).Members.List();

    public Task<ServiceView> Service(string name, int master = 0) => Client(master).Services.Get(name);

    /// <summary>What happened to a service, a sentence each.</summary>
    public async Task<string[]> History(string name) => [.. (await Client().Services.History(name)).Events.Select(e => e.What)];

    /// <summary>Creates a service as somebody wrote it down.</summary>
    public Task Make(string name, string json, int master = 0) => Client(master).Services.Create(
        name, JsonSerializer.Deserialize<ServiceSpec>(json, ContractsJson.Strict)!);

    /// <summary>Changes some fields of it; answers how it is to be.</summary>
    public async Task<ServiceView> Change(string name, string fields, int master = 0) =>
        (await Client(master).Services.Update(name, JsonNode.Parse(fields)!.AsObject())).Service;

    public Task Withdraw(string name, int master = 0) => Client(master).Services.Withdraw(name);

    /// <summary>For those who test the wire itself, as all of these: what stands in bodies, statuses and headers.</summary>
    public Task<HttpResponseMessage> Post(string path, string json, int master = 0) => Send(HttpMethod.Post, path, json, master);

    public Task<HttpResponseMessage> Put(string path, string json, int master = 0) => Send(HttpMethod.Put, path, json, master);

    public Task<HttpResponseMessage> Send(HttpMethod method, string path, string? json = null, int master = 0) =>
        http.SendAsync(new HttpRequestMessage(method, new Uri(RunFile.Masters[master].Url, path))
        {
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        });

    public static Task<string> Text(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>
    /// What a program answers. An instance without a probe runs as soon as it is started, a moment before its program listens.
    /// </summary>
    public Task<string> Fetch(string url) => Eventually(() => http.GetStringAsync(new Uri(url)), _ => true, $"{url} answers");

    /// <summary>Creates a service of the test image and waits until all its instances run.</summary>
    public async Task<ServiceView> Create(string name, int instances)
    {
        await Make(name, $$"""{"image":"{{Engine.Image}}","ports":[80],"instances":{{instances}}}""");
        return await Runs(name, instances);
    }

    /// <summary>The same, and half of them run on each worker.</summary>
    public async Task<ServiceView> CreateSpread(string name, int instances)
    {
        var service = await Create(name, instances);
        Assert.True(service.Instances.Count(i => i.Worker == "worker-b") == instances / 2,
            $"not on both workers: {string.Join("\n", await History(name))}\n{Tail()}");
        return service;
    }

    public Task<ServiceView> Runs(string name, int instances, int master = 0) => Eventually(
        () => Service(name, master), service =>
            service.Running == instances && service.Instances.Count == instances, $"{instances} instances of {name} run");

    public async Task<T> Eventually<T>(Func<Task<T>> look, Func<T, bool> condition, string what, TimeSpan? within = null)
    {
        try
        {
            return await Testing.Eventually.Become(look, condition, within ?? Patience, what, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n--- the applications printed:\n{Tail()}", e);
        }
    }

    /// <summary>The master whose sidecar hosts the ServiceMasters at present; right only while one service exists.</summary>
    public async Task<AppEntry> Owner()
    {
        foreach (var master in RunFile.Masters)
        {
            var metadata = JsonNode.Parse(await Text(await AskSidecar(master, "metadata")))!;
            var active = metadata["actorRuntime"]?["activeActors"]?.AsArray() ?? [];
            if (active.Any(type => (string?)type?["type"] == DaprNames.ServiceMaster && (int?)type["count"] > 0)) return master;
        }

        throw new InvalidOperationException("no master hosts a ServiceMaster");
    }

    /// <summary>The version of a service's record in the state store: another one after each write.</summary>
    public async Task<string> Stored(string service)
    {
        using var answer = await AskSidecar(RunFile.Masters[0], $"state/{DaprNames.StateStore}/service-{service}");
        // Dapr writes it without quotes, so it is no valid header for .NET.
        return answer.Headers.NonValidated.TryGetValues("ETag", out var etag) ? etag.ToString()
            : throw new InvalidOperationException($"the record of {service} has no etag: {(int)answer.StatusCode}");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Down();
        }
        finally
        {
            await Engine.RemoveAll();
            http.Dispose();
            foreach (var client in clients.Values) client.Dispose();
            Folders.Remove(folder);
        }
    }

    public async Task<T> Get<T>(int master, string path)
    {
        using var answer = await Send(HttpMethod.Get, path, master: master);
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"GET {path}: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, ContractsJson.Options)!;
    }

    private async Task<HttpResponseMessage> AskSidecar(AppEntry app, string path)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://localhost:{app.SidecarPort}/v1.0/{path}"));
        question.Headers.Add("dapr-api-token", SidecarToken);
        return await http.SendAsync(question);
    }

    private string[] LocalDapr(params string[] arguments) =>
        [Path.Combine(Repository, "artifacts", "bin", "LocalDapr", Configuration, "LocalDapr.dll"), .. arguments, "--folder",
            Path.Combine(folder, ".orchestrator")];

    private static string Configuration => AppContext.BaseDirectory.Contains("release", StringComparison.Ordinal) ? "release" : "debug";

    private void Write(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }

    private string Tail()
    {
        lock (output) return output.Length < 12_000 ? output.ToString() : output.ToString(output.Length - 12_000, 12_000);
    }

    private static string FindRepository([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Orchestrator.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run inside the repository");
    }
}
