using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Client.Looking;
using Orchestrator.Contracts.Logs;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>Looking inside from any master: through two sidecars, over what happens to masters, workers and instances.</summary>
public sealed class LookingTests(OpenCluster shared, ITestOutputHelper output) : IClassFixture<OpenCluster>
{
    private readonly RunningCluster cluster = shared.Running;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_are_followed_over_a_rollout_and_over_the_death_of_the_master_that_streams_them()
    {
        await Create("counting", 2, Counting);
        var listener = new LogListener();
        using var stop = new CancellationTokenSource();
        var listening = listener.Listen(cluster.Client(0), "counting", null, stop.Token);
        await Heard(listener, lines => lines.Select(it => it.Instance).Distinct().Count() == 2, "both are heard");

        await cluster.Change("counting", """{"env":{"COLOUR":"green"},"update":{"monitor":"100ms"}}""");
        await Heard(listener, lines =>
            lines.Select(it => it.Instance).Distinct().Count(it => it.Contains("-r2-", StringComparison.Ordinal)) == 2
            && lines.Count(it => it.Line == "goodbye") == 2, "the new ones are heard, and the last words of the old ones");

        await cluster.StopApp("control-plane-1", kill: true);
        await listening;
        var before = listener.Heard.Count;
        var since = listener.Heard.Where(it => it.Instance.Contains("-r2-", StringComparison.Ordinal)).GroupBy(it => it.Instance)
            .Select(it => it.Max(line => line.Time)).Min(StringComparer.Ordinal);
        var other = listener.Listen(cluster.Client(1), "counting", since, stop.Token);
        await Heard(listener, lines => lines.Length > before + 20, "the other master goes on");
        stop.Cancel();
        await other;
        await cluster.StartApp("control-plane-1");

        foreach (var instance in listener.Heard.Where(it => it.Line != "goodbye").GroupBy(it => it.Instance))
        {
            var numbers = instance.Select(it => int.Parse(it.Line, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
            output.WriteLine($"{instance.Key}: 1 to {numbers.Count}, none lost, none twice");
        }

        output.WriteLine($"{listener.Doubled} lines came twice over the death of the master, which the client knows by their times");
        await cluster.Withdraw("counting", master: 1);
    }

    [Fact]
    public async Task A_terminal_in_an_instance_is_driven_through_a_master()
    {
        await cluster.Create("typed", 1);
        await using var session = await cluster.Client(1).Instances.Talk(
            "typed-1-r1-a1", new(["/bin/sh"]) { Terminal = true, Columns = 100, Rows = 30 }, Cancel);
        await using var written = session.Output(Cancel).GetAsyncEnumerator(Cancel);
        var screen = new StringBuilder();
        await session.Type("/bin/busybox stty size\n"u8.ToArray(), Cancel);
        await Shows(written, screen, "30 100");
        await session.Resize(132, 43, Cancel);
        await session.Type("/bin/busybox stty size\n"u8.ToArray(), Cancel);
        await Shows(written, screen, "43 132");
        await session.Type("exit 7\n"u8.ToArray(), Cancel);
        while (await written.MoveNextAsync().AsTask().WaitAsync(RunningCluster.Patience, Cancel)) screen.Append(Text(written.Current));
        Assert.True(session.ExitCode == 7, $"{session.ExitCode} {session.Trouble}: {screen}");
        await cluster.Withdraw("typed", master: 1);
    }

    private static async Task Shows(IAsyncEnumerator<ExecOutput> written, StringBuilder screen, string text)
    {
        while (!screen.ToString().Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await written.MoveNextAsync().AsTask().WaitAsync(RunningCluster.Patience, Cancel), $"closed: {screen}");
            screen.Append(Text(written.Current));
        }
    }

    private static string Text(ExecOutput piece) => Encoding.UTF8.GetString(piece.Bytes.Span);

    /// <summary>As text, which only who looks at the wire has.</summary>
    [Fact]
    public async Task What_has_just_failed_tells_why()
    {
        await Create("failing", 1, "echo I have no database >&2; exit 3", waitForIt: false);
        var lines = await cluster.Eventually(
            async () => await RunningCluster.Text(await cluster.Send(HttpMethod.Get, "/services/failing/logs", master: 1)),
            text => text.Contains("failing-1-r1-a3 | ", StringComparison.Ordinal), "the third attempt tells");
        Assert.Contains("failing-1-r1-a1 | I have no database\n", lines, StringComparison.Ordinal);
        await cluster.Withdraw("failing", master: 1);
    }

    /// <summary>On a socket of its own: no client reads as slowly as this.</summary>
    [Fact]
    public async Task A_slow_reader_beside_a_flood_costs_bounded_memory_on_master_and_worker()
    {
        await Create("flooding", 1, "exec /bin/busybox yes 'a line of a flood, which nobody can read as fast as it comes'");
        var master = cluster.RunFile.Masters[1];
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("localhost", master.ApiPort, TestContext.Current.CancellationToken);
        var request = $"GET /services/flooding/logs?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        await client.GetStream().ReadExactlyAsync(new byte[4096], TestContext.Current.CancellationToken);
        var before = await Memory();
        var written = await Written();
        await cluster.Eventually(Written, it => it > written + (64 << 20), "64 MiB are written");
        var after = await Memory();
        foreach (var (name, held) in after)
        {
            output.WriteLine($"{name}: {held >> 10} KiB resident, {(held - before[name]) >> 10} KiB more after the flood");
            Assert.True(held - before[name] < 32 << 20, $"{name} grew by {held - before[name]} bytes");
        }

        await cluster.Withdraw("flooding", master: 1);
    }

    /// <summary>Ten lines a second; a last one when it is told to end.</summary>
    private const string Counting =
        "i=0; trap 'echo goodbye; exit 0' TERM; while :; do i=$((i+1)); echo $i; /bin/busybox sleep 0.1; done";

    private async Task Create(string name, int instances, string script, bool waitForIt = true)
    {
        var command = System.Text.Json.JsonSerializer.Serialize(new[] { "/bin/busybox", "sh", "-c", script });
        await cluster.Make(
            name, $$"""{"image":"{{Engine.Image}}","instances":{{instances}},"command":{{command}}}""", master: 1);
        if (waitForIt) await cluster.Runs(name, instances, master: 1);
    }

    private async Task Heard(LogListener listener, Func<LogLine[], bool> condition, string what) => await cluster.Eventually(
        () => Task.FromResult(listener.Heard.ToArray()), condition, what);

    /// <summary>Resident memory of the processes of the cluster, by what they are.</summary>
    private async Task<Dictionary<string, long>> Memory()
    {
        Dictionary<string, long> all = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(it => char.IsAsciiDigit(Path.GetFileName(it)[0])))
        {
            try
            {
                var command = (await Read(folder, "cmdline")).Split('\0');
                var program = Path.GetFileName(command.FirstOrDefault(it => it.EndsWith(".dll", StringComparison.Ordinal)));
                var isLauncher = program == "LocalDapr.dll" && command.Contains("run") && command.Contains(cluster.RunFile.Path);
                var isApp = (await Read(folder, "environ")).Contains($"CLUSTER={cluster.Name}\0", StringComparison.Ordinal);
                if (program is null || !(isLauncher || isApp)) continue;
                var resident = (await Read(folder, "status")).Split('\n').First(it => it.StartsWith("VmRSS:", StringComparison.Ordinal));
                all[$"{program} {Path.GetFileName(folder)}"] = Number(resident["VmRSS:".Length..^" kB".Length].Trim()) << 10;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // It has ended, or is not ours to look at.
            }
        }

        return all;
    }

    private static Task<string> Read(string folder, string file) =>
        File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>How much the container has written so far, by its own count of bytes; the engine keeps the last 30 MB.</summary>
    private async Task<long> Written()
    {
        var id = (await Shell.Run("docker", "ps", "--no-trunc", "--quiet", "--filter", "label=orchestrator.service=flooding",
            "--filter", $"label=orchestrator.cluster={cluster.Name}")).Trim();
        var pid = (await Shell.Run("docker", "inspect", "--format", "{{.State.Pid}}", id)).Trim();
        var written = (await Read($"/proc/{pid}", "io")).Split('\n').First(it => it.StartsWith("wchar:", StringComparison.Ordinal));
        return Number(written.Split(' ')[1]);
    }
}
