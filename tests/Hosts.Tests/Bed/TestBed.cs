using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Workers;
using Orchestrator.Hosts.Histories;
using Orchestrator.Testing;

namespace Orchestrator.Hosts.Bed;

/// <summary>
/// Three machines on one: <c>control</c> with LocalDapr and two masters, <c>worker-a</c> and <c>worker-b</c> with an engine, an agent and
/// its guard each; real processes, real engines, links that can be cut. Whoever dies, a watcher ends everything that belongs to it.
/// </summary>
internal sealed partial class TestBed : IAsyncDisposable
{
    /// <summary>The machine of the masters.</summary>
    public const string Control = "control";

    public const string Image = "busybox-www:1";

    /// <summary>A release that is as good.</summary>
    public const string NextImage = "busybox-www:2";

    /// <summary>A release whose program fails at once.</summary>
    public const string BrokenImage = "busybox-www:broken";

    /// <summary>A release that nobody has.</summary>
    public const string MissingImage = "busybox-www:missing";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly string folder;
    private readonly StringBuilder output = new();
    private readonly HttpClient http;
    private readonly List<EngineWatch> engines = [];
    private Process? watcher;
    private readonly Dictionary<string, string> tokens =
        new() { ["DAPR_API_TOKEN"] = $"{Guid.NewGuid():N}", ["APP_API_TOKEN"] = $"{Guid.NewGuid():N}" };

    private Process? dapr;
    private SlowLink? slow;

    private TestBed(string folder)
    {
        this.folder = folder;
        http = NamespaceSockets.Client($"{Name}-control", TimeSpan.FromSeconds(12));
        Record = new HistoryRecord();
    }

    public static string Repository { get; } = FindRepository();

    /// <summary>Begins the names of everything that belongs to the bed, and is the cluster's.</summary>
    public string Name => Path.GetFileName(folder);

    public HistoryRecord Record { get; private set; }

    public string DataFolder(string worker) => Path.Combine(folder, worker, "data");

    public static string AddressOf(string machine) => machine == Control ? "10.77.1.2" : BedRunFile.Address(machine);

    public string EngineSocket(string worker) => Path.Combine(folder, worker, "docker.sock");

    /// <summary>The file that the wall clock of a worker follows whose clock is to go wrong.</summary>
    public string ClockOf(string worker) => Path.Combine(folder, worker, "clock");

    public string RunFolder => Path.Combine(folder, "control", "run");

    public static string Program(string name) => Path.Combine(
        Repository, "artifacts", "bin", name, AppContext.BaseDirectory.Contains("release", StringComparison.Ordinal) ? "release" : "debug",
            $"{name}.dll");

    /// <summary>Why no bed can be made here; none when it can.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return "a bed of several machines needs Linux and root";
        var missing = new[] { "dockerd", "docker", "ip", "iptables", "nsenter", "unshare" }
            .Where(tool => OnPath.Find(tool) is null).ToList();
        return missing.Count > 0 ? $"a bed of several machines needs {string.Join(", ", missing)}" : null;
    }

    public static async Task<TestBed> Start()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"orcbed-{Guid.NewGuid():N}"[..13]);
        await Shell.Run(Script, "reap", folder);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "owner"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var bed = new TestBed(folder);
        try
        {
            await bed.Make();
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    private async Task Make()
    {
        watcher = Process.Start(new ProcessStartInfo("setsid", [Script, "watch", folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        await watcher.StandardOutput.ReadLineAsync();

        await Do("make", ["control", .. BedRunFile.Workers]);
        foreach (var (n, worker) in BedRunFile.Workers.Index())
        {
            await Do("carry", "control", worker, $"{BedRunFile.AppPort(n)}");
            foreach (var port in BedRunFile.SidecarPorts(n)) await Do("carry", worker, "control", $"{port}");
            await Do("small", worker, DataFolder(worker), "4m");
        }

        await Do("small", "control", RunFolder, "64m");
        await Task.WhenAll(BedRunFile.Workers.Select(MakeEngine));
        await File.WriteAllTextAsync(RunFile, BedRunFile.Text(this));
        StartDapr();
        await AllReady();
    }

    private string RunFile => Path.Combine(folder, "control", "dapr.yaml");

    private void StartDapr()
    {
        dapr?.Dispose();
        var start = new ProcessStartInfo("nsenter",
            [$"--net=/run/netns/{Name}-control", "--", "dotnet", Program("LocalDapr"), "run", "-f", RunFile, "--folder", RunFolder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, token) in tokens) start.Environment[name] = token;
        dapr = Process.Start(start)!;
        dapr.OutputDataReceived += (_, line) => Write(line.Data);
        dapr.ErrorDataReceived += (_, line) => Write(line.Data);
        dapr.BeginOutputReadLine();
        dapr.BeginErrorReadLine();
    }

    private async Task MakeEngine(string worker)
    {
        await Do("engine", worker);
        foreach (var (image, answer) in new[] { (Image, "ok"), (NextImage, "better") })
            await Shell.Run("env", $"DOCKER_HOST=unix://{EngineSocket(worker)}",
                Path.Combine(Repository, "scripts", "make-busybox-image.sh"), image, answer);
        string[] docker = ["-H", $"unix://{EngineSocket(worker)}"];
        await Shell.Run("docker", [.. docker, "create", "--name", "broken", Image]);
        await Shell.Run("docker", [.. docker, "commit", "--change", """CMD ["/bin/busybox","false"]""", "broken", BrokenImage]);
        await Shell.Run("docker", [.. docker, "rm", "broken"]);
        var watch = new EngineWatch(worker, EngineSocket(worker), Name, () => Record);
        engines.Add(watch);
        await watch.Ready;
    }

    /// <summary>Mends everything, deletes every service, and begins a new history.</summary>
    public async Task Refresh()
    {
        await Mend();
        await AllReady();
        foreach (var service in (await Services()).Services) await Ask(ChangeKind.Delete, service.Name, 0, atMostOne: false);
        await Eventually(async () => (await Services()).Services.Count + (await Containers()).Count, count => count == 0,
            "everything is deleted");
        Record = new HistoryRecord();
    }

    /// <summary>Waits until all four members are ready; that a sidecar was away is told for minutes.</summary>
    public Task<MemberList> AllReady() => Eventually(Members, list =>
        list.Members.Count(m => m.Status == WorkerHealth.Ready) == 4
            && list.Members.All(m => m.Note is null || m.Note.Contains("sidecar", StringComparison.Ordinal)),
            "2 masters and 2 workers are ready");

    public async Task<T> Eventually<T>(Func<Task<T>> look, Func<T, bool> condition, string what, TimeSpan? within = null)
    {
        try
        {
            return await Testing.Eventually.Become(look, condition, within ?? Patience, what, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n--- the story:\n{Record.Now.Story()}\n--- the applications printed:\n{Tail()}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_HOSTS_LOG") is { Length: > 0 } log)
            await File.WriteAllTextAsync(log, Everything());
        foreach (var engine in engines) await engine.DisposeAsync();
        http.Dispose();
        if (watcher is not null)
        {
            // The same way as when this process dies: what cleans up is tried in every run.
            watcher.StandardInput.Close();
            await watcher.WaitForExitAsync();
            watcher.Dispose();
        }

        slow?.Dispose();
        dapr?.Dispose();
    }

    private static string Script => Path.Combine(Repository, "tests", "Hosts.Tests", "Bed", "bed.sh");

    private Task<string> Do(string command, params string[] arguments) => Shell.Run(Script, [command, folder, .. arguments]);

    /// <summary>For who reads afterwards what the applications printed.</summary>
    public void Log(string what) => Write($"\n{what}");

    private void Write(string? line)
    {
        if (line is null) return;
        lock (output) output.Append(CultureInfo.InvariantCulture, $"{Wall.Now:HH:mm:ss.fff} ").AppendLine(line);
    }

    private string Everything()
    {
        lock (output) return output.ToString();
    }

    public string Tail() => Everything() is { Length: > 12_000 } all ? all[^12_000..] : Everything();

    private static string FindRepository([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Orchestrator.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run inside the repository");
    }
}
