using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>What can be broken, and mended.</summary>
internal sealed partial class TestBed
{
    private readonly HashSet<string> frozen = [];

    // The agents that have a clock which can go wrong.
    private readonly Dictionary<string, string> skewed = [];

    // Whoever writes has to wait for it.
    private SqliteConnection? store;

    private static string Filler(string folder) => Path.Combine(folder, "filler");

    /// <summary>Nothing goes between the worker and the rest any more, and nobody is told.</summary>
    public async Task Cut(string worker)
    {
        await CutFrom(worker);
        await CutTo(worker);
    }

    /// <summary>The worker hears the others, they do not hear it.</summary>
    public Task CutFrom(string worker) => Lose(worker, "control", 1);

    /// <summary>The others hear the worker, it does not hear them.</summary>
    public Task CutTo(string worker) => Lose("control", worker, 1);

    /// <param name="share">Of the packets, 0 to 1.</param>
    public async Task Lose(string from, string to, double share)
    {
        await Do("lose", from, to, share.ToString("0.00", CultureInfo.InvariantCulture));
        Note($"link from {from} to {to} loses {share:P0}");
    }

    /// <summary>Whatever goes to the worker and comes from it takes so much longer, each way; connections that are open too.</summary>
    public async Task Slow(string worker, TimeSpan delay)
    {
        if (SlowLink.WhyNot() is { } reason) throw new NotSupportedException(reason);
        slow ??= await SlowLink.Make($"{Name}-hub");
        slow.Delay = delay;
        await Do("slow", worker);
        Note($"the link of {worker} takes {delay.TotalMilliseconds:0} ms each way");
    }

    /// <summary>All links are whole and quick again.</summary>
    public async Task Heal()
    {
        await Do("heal");
        await Do("quick");
        Note("links are healed");
    }

    /// <summary>One link, both directions.</summary>
    public async Task Heal(string worker)
    {
        await Do("heal-one", worker);
        Note($"the link of {worker} is healed");
    }

    public async Task RestartEngine(string worker)
    {
        Note($"engine of {worker} restarts");
        await Do("stop-engine", worker);
        await Do("engine", worker);
        Note($"engine of {worker} is back");
    }

    /// <summary>At once; its containers may run on until it is back.</summary>
    public async Task KillEngine(string machine)
    {
        Note($"engine of {machine} is killed");
        await Shell.Run("kill", "-KILL", (await File.ReadAllTextAsync(PidOfEngine(machine))).Trim());
    }

    /// <summary>Starts it where it does not run.</summary>
    public async Task BringEngine(string machine)
    {
        if (!Alive(PidOfEngine(machine))) await Do("engine", machine);
    }

    public Task EndEngine(string machine) => Do("stop-engine", machine);

    private string PidOfEngine(string machine) => Path.Combine(folder, machine, "dockerd.pid");

    /// <summary>The disk under the agent's data has not a byte left.</summary>
    public Task FillDisk(string worker) => Fill(DataFolder(worker));

    /// <summary>The disk under the state store has not a byte left.</summary>
    public Task FillStore() => Fill(RunFolder);

    private async Task Fill(string folder)
    {
        await Shell.Try("dd", "if=/dev/zero", $"of={Filler(folder)}", "bs=4096");
        Note($"{folder} is full");
    }

    /// <summary>The store takes no change and refuses none: who writes waits, until <see cref="Mend"/>.</summary>
    public async Task StopStore()
    {
        var source = new SqliteConnectionStringBuilder { DataSource = Path.Combine(RunFolder, "dapr", "localdapr.db"), Pooling = false };
        store = new SqliteConnection(source.ToString());
        await store.OpenAsync();
        using var hold = store.CreateCommand();
        hold.CommandText = "PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE;";
        await hold.ExecuteNonQueryAsync();
        Note("the store stands still");
    }

    /// <summary>
    /// The wall clock of the worker's agent is so far ahead, from one second to the next. The first time the agent is started again for it.
    /// </summary>
    public async Task Skew(string worker, TimeSpan ahead)
    {
        if (FalseClocks.WhyNot() is { } reason) throw new NotSupportedException(reason);
        var agent = await ProcessOf(worker);
        if (skewed.GetValueOrDefault(worker) != agent)
        {
            await FalseClocks.Set(ClockOf(worker), TimeSpan.Zero);
            await Kill(agent, $"{worker}, to have another clock,");
            var back = await Eventually(() => AppOf(worker),
                app => app["pid"] is { } process && process.ToString() != agent && (string?)app["state"] == "Healthy",
                $"{worker} runs again");
            skewed[worker] = back["pid"]!.ToString();
        }

        await FalseClocks.Set(ClockOf(worker), ahead);
        Note($"the clock of {worker} is {ahead.TotalSeconds:+0;-0;0} s ahead");
    }

    /// <summary>The process of an application: <c>worker-a</c>, <c>control-plane-1</c>; waited for while it is being started.</summary>
    public async Task<string> ProcessOf(string app)
    {
        var running = await Eventually(() => AppOf(app), it => it["pid"] is not null, $"{app} runs");
        return running["pid"]!.ToString();
    }

    private async Task<JsonNode> AppOf(string app) => (await Apps()).Single(a => (string?)a["name"] == app);

    private async Task<IEnumerable<JsonNode>> Apps() =>
        JsonNode.Parse(await AskLauncher(HttpMethod.Get, "/status"))!["apps"]!.AsArray().Select(app => app!);

    /// <summary>LocalDapr itself, all sidecars in one.</summary>
    public string DaprProcess => dapr!.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>LocalDapr dies, and a moment later it is started again, as its keeper would; it begins all applications anew.</summary>
    public async Task KillDapr()
    {
        await Kill(DaprProcess, "LocalDapr");
        await dapr!.WaitForExitAsync();
        await Wall.Wait(TimeSpan.FromSeconds(1));
        StartDapr();
        Note("LocalDapr is started");
    }

    /// <summary>The sidecar of an application is told to end; who supervises it starts another.</summary>
    public async Task EndSidecar(string app)
    {
        Note($"the sidecar of {app} ends");
        var port = BedRunFile.SidecarPort(app);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://localhost:{port}/v1.0/shutdown");
        request.Headers.Add("dapr-api-token", tokens["DAPR_API_TOKEN"]);
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The guard beside a worker's agent; waited for while there is none.</summary>
    public Task<string> Guard(string worker) => Eventually(async () =>
    {
        foreach (var pid in (await Shell.Run("ip", "netns", "pids", $"{Name}-{worker}")).Split('\n'))
        {
            var words = await File.ReadAllTextAsync($"/proc/{pid}/cmdline");
            if (words.Contains("WorkerAgent", StringComparison.Ordinal) && words.Split('\0').Contains("guard")) return pid;
        }

        return "";
    }, pid => pid.Length > 0, $"{worker} has a guard");

    /// <summary>At once and without goodbye; whoever started it brings it back.</summary>
    public async Task Kill(string process, string what)
    {
        Note($"{what} is killed");
        await Shell.Run("kill", "-KILL", process);
    }

    public async Task Freeze(string process, string what)
    {
        Note($"{what} is frozen");
        frozen.Add(process);
        await Shell.Run("kill", "-STOP", process);
    }

    public async Task Thaw(string process, string what)
    {
        Note($"{what} goes on");
        frozen.Remove(process);
        await Shell.Try("kill", "-CONT", process);
    }

    /// <summary>Ends an application for good, until <see cref="Bring"/>.</summary>
    public async Task Away(string app, bool kill)
    {
        Note($"{app} is {(kill ? "killed" : "stopped")}, for good");
        await AskLauncher(HttpMethod.Post, $"/apps/{app}/stop?kill={(kill ? "true" : "false")}");
    }

    public async Task Bring(string app)
    {
        Note($"{app} is started");
        await AskLauncher(HttpMethod.Post, $"/apps/{app}/start");
    }

    /// <summary>Everything that can be mended from here.</summary>
    public async Task Mend()
    {
        foreach (var process in frozen.ToList()) await Thaw(process, process);
        await Heal();
        await EndStoreStop();
        // A clock with nothing to follow is right, and who is started now gets none that can go wrong.
        foreach (var worker in skewed.Keys) File.Delete(ClockOf(worker));
        foreach (var place in BedRunFile.Workers.Select(DataFolder).Append(RunFolder)) File.Delete(Filler(place));
        foreach (var worker in BedRunFile.Workers) await BringEngine(worker);
        foreach (var app in await Eventually(Apps, _ => true, "LocalDapr tells what runs"))
            if ((string?)app["state"] == "Stopped") await Bring((string)app["name"]!);
        Note("everything is mended");
    }

    private async Task EndStoreStop()
    {
        if (store is null) return;
        await store.DisposeAsync();
        store = null;
        Note("the store goes on");
    }

    public void Note(string what) => Record.Add(new Note(Wall.Now, $"== {what}"));

    private static bool Alive(string pidFile) => File.Exists(pidFile) && Directory.Exists($"/proc/{File.ReadAllText(pidFile).Trim()}");

    private async Task<string> AskLauncher(HttpMethod method, string path)
    {
        using var launcher = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(RunFolder, "localdapr.sock")), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var answer = await launcher.SendAsync(new HttpRequestMessage(method, $"http://localdapr{path}"));
        return await answer.Content.ReadAsStringAsync();
    }
}
