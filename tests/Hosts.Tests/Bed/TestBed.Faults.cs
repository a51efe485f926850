using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>What can be broken, and mended.</summary>
internal sealed partial class TestBed
{
    private readonly HashSet<string> frozen = [];

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

    /// <summary>All links are whole again.</summary>
    public async Task Heal()
    {
        await Do("heal");
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

    /// <summary>The disk under the agent's data has not a byte left.</summary>
    public Task FillDisk(string worker) => Fill(DataFolder(worker));

    /// <summary>The disk under the state store has not a byte left.</summary>
    public Task FillStore() => Fill(RunFolder);

    private async Task Fill(string folder)
    {
        await Shell.Try("dd", "if=/dev/zero", $"of={Filler(folder)}", "bs=4096");
        Note($"{folder} is full");
    }

    /// <summary>The process of an application: <c>worker-a</c>, <c>control-plane-1</c>.</summary>
    public async Task<string> ProcessOf(string app)
    {
        var status = JsonNode.Parse(await AskLauncher(HttpMethod.Get, "/status"))!;
        return status["apps"]!.AsArray().Single(a => (string?)a!["name"] == app)!["pid"]!.ToString();
    }

    /// <summary>LocalDapr itself, all sidecars in one.</summary>
    public string DaprProcess => dapr!.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The guard beside a worker's agent, by who holds its lock.</summary>
    public async Task<string> Guard(string worker)
    {
        foreach (var pid in (await Shell.Run("ip", "netns", "pids", $"{Name}-{worker}")).Split('\n'))
        {
            var words = await File.ReadAllTextAsync($"/proc/{pid}/cmdline");
            if (words.Contains("WorkerAgent", StringComparison.Ordinal) && words.Split('\0').Contains("guard")) return pid;
        }

        throw new InvalidOperationException($"{worker} has no guard");
    }

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
        foreach (var place in BedRunFile.Workers.Select(DataFolder).Append(RunFolder)) File.Delete(Filler(place));
        foreach (var worker in BedRunFile.Workers)
            if (!Alive(Path.Combine(folder, worker, "dockerd.pid"))) await Do("engine", worker);
        foreach (var app in JsonNode.Parse(await AskLauncher(HttpMethod.Get, "/status"))!["apps"]!.AsArray())
            if ((string?)app!["state"] == "Stopped") await Bring((string)app["name"]!);
        Note("everything is mended");
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
