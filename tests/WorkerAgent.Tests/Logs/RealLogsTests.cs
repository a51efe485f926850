using System.Diagnostics;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Logs;
using Orchestrator.WorkerAgent.Tests.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Logs;

/// <summary>What containers of a real engine write, as a master is told it.</summary>
public sealed class RealLogsTests(RealEngine engine, ITestOutputHelper output) : IClassFixture<RealEngine>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_of_all_instances_are_told_by_time_and_those_of_what_has_failed_too()
    {
        await using var agent = await engine.Agent();
        await RunToItsEnd(agent, "told-1-r1-a1", "echo one; echo two >&2; exit 3");
        await agent.Forget("told-1-r1-a1");
        await agent.Believed();
        await RunToItsEnd(agent, "told-1-r1-a2", "echo three");
        var told = await Ask(agent, new() { Service = "told" });
        Assert.Equal(2, told[0].Containers);
        Assert.Equal(LogEnd.Complete, told[^1].End);
        var lines = told.Select(it => it.Line).OfType<LogLine>().ToList();
        Assert.Equal(["told-1-r1-a1", "told-1-r1-a1", "told-1-r1-a2"], lines.Select(it => it.Instance));
        Assert.Equal(["one", "three", "two"], lines.Select(it => it.Line).Order(StringComparer.Ordinal));
        Assert.Equal(lines.Select(it => it.Time).Order(StringComparer.Ordinal), lines.Select(it => it.Time));

        Assert.Equal(["two"], await Words(agent, new() { Service = "told", Stream = LogStream.Stderr }));
        Assert.Equal(["three"], await Words(agent, new() { Service = "told", Instance = "told-1-r1-a2" }));
        Assert.Equal(["three"], await Words(agent, new() { Service = "told", Since = lines[^1].Time }));
        Assert.Empty(await Words(agent, new() { Service = "told", Tail = 0 }));
        Assert.Equal(2, (await Words(agent, new() { Service = "told", Tail = 1 })).Length);
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_and_nothing_is_left_out()
    {
        await using var agent = await engine.Agent();
        await RunToItsEnd(agent, "once-1-r1-a1", "for i in $(seq 1 500); do echo $i; done");
        Dictionary<string, LogPosition> told = [];
        List<string> all = [];
        for (var round = 0; all.Count < 500; round++)
        {
            Assert.True(round < 10, $"{all.Count} lines after {round} rounds");
            await foreach (var news in Logs(agent).Answer(new() { Service = "once", Told = told }, Cancel))
            {
                if (news.Line is not { } line) continue;
                all.Add(line.Line);
                told[news.Container!] = LogPosition.After(told.GetValueOrDefault(news.Container!), line.Time);
                if (all.Count % 77 == 0) break;
            }
        }

        Assert.Equal(Enumerable.Range(1, 500).Select(it => $"{it}"), all);
        Assert.Empty(await Words(agent, new() { Service = "once", Told = told }));
    }

    [Fact]
    public async Task Who_follows_is_told_what_comes_of_instances_that_are_born_too_until_the_last_line()
    {
        await using var agent = await engine.Agent();
        await agent.Run("live-1-r1-a1", Shell("for i in 1 2 3; do echo a$i; sleep 0.2; done; echo a-last"));
        await agent.Believed("live-1-r1-a1 Running");
        List<string> heard = [];
        var begun = Stopwatch.StartNew();
        await foreach (var news in Logs(agent).Answer(new() { Service = "live", Follow = true }, Cancel))
        {
            if (news.Line is not { } line) continue;
            heard.Add(line.Line);
            if (line.Line == "a2") await agent.Run("live-2-r1-a1", Shell("echo b1; sleep 0.3; echo b-last"));
            if (heard.Contains("a-last") && heard.Contains("b-last")) break;
        }

        Assert.Equal(["a1", "a2", "a3", "a-last"], heard.Where(it => it[0] == 'a'));
        Assert.Equal(["b1", "b-last"], heard.Where(it => it[0] == 'b'));

        var one = await Words(agent, new() { Service = "live", Instance = "live-2-r1-a1", Follow = true });
        Assert.Equal(["b1", "b-last"], one);
        output.WriteLine($"{begun.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Long_lines_and_terminals_are_told_whole()
    {
        await using var agent = await engine.Agent();
        const string script = "head -c 40000 /dev/zero | tr '\\0' x; echo; echo short";
        await RunToItsEnd(agent, "long-1-r1-a1", script);
        await agent.Run("tty-1-r1-a1", Shell(script) with { Tty = true });
        await Ended(agent, "tty-1-r1-a1");
        foreach (var service in new[] { "long", "tty" })
        {
            var lines = await Words(agent, new() { Service = service });
            Assert.Equal(["40000", "short"], lines.Select(it => it.Length > 100 ? $"{it.Count(c => c == 'x')}" : it));
            Assert.Equal(40000, lines[0].Length);
        }
    }

    [Fact]
    public async Task A_log_that_the_engine_cannot_read_is_said_to_be_so()
    {
        await using var agent = await engine.Agent();
        await agent.Run("dumb-1-r1-a1", Shell("echo nobody hears it") with { Logging = new() { Driver = "none" } });
        await Ended(agent, "dumb-1-r1-a1");
        var note = Assert.Single(await Lines(agent, new() { Service = "dumb" }));
        Assert.Equal((LogStream.Note, "dumb-1-r1-a1"), (note.Stream, note.Instance));
        Assert.StartsWith("its log cannot be read: ", note.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_costs_no_memory_beside_a_flood()
    {
        await using var agent = await engine.Agent();
        await agent.Run("flood-1-r1-a1", Shell("yes 'a line of a flood, which nobody can read as fast as it comes'"));
        await agent.Believed("flood-1-r1-a1 Running");
        await using var lines = Logs(agent).Answer(new() { Service = "flood", Follow = true }, Cancel).GetAsyncEnumerator(Cancel);
        while (await lines.MoveNextAsync() && lines.Current.Line is null)
        {
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var written = await SizeOfLog(agent);
        await TestAgent.Until(() => SizeOfLog(agent), size => size > written + (8 << 20) || size < written, "megabytes are written");
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{held / 1024} KiB held while more than 8 MiB were written");
        Assert.True(held < 2 << 20, $"{held} bytes are held");
        await agent.Stop("flood-1-r1-a1", grace: 0);
    }

    private async Task<long> SizeOfLog(TestAgent agent)
    {
        var seen = await engine.Docker.Containers.InspectContainerAsync(agent.Control.Believes["flood-1-r1-a1"].ContainerId!, Cancel);
        try
        {
            return new FileInfo(seen.LogPath!).Length;
        }
        catch (FileNotFoundException)
        {
            // It is just being replaced by a new one.
            return 0;
        }
    }

    private static ContainerSpec Shell(string script) =>
        new() { Image = RealEngine.Image, Command = ["/bin/busybox", "sh", "-c", Path + script] };

    /// <summary>The image has one program, which is all of them.</summary>
    private const string Path = "b=/bin/busybox; for f in head tr seq yes sleep; do eval \"$f() { $b $f \\\"\\$@\\\"; }\"; done; ";

    private static InstanceLogs Logs(TestAgent agent) => agent.Get<InstanceLogs>();

    private static async Task<List<LogNews>> Ask(TestAgent agent, LogQuestion question)
    {
        List<LogNews> all = [];
        await foreach (var news in Logs(agent).Answer(question, Cancel)) all.Add(news);
        return all;
    }

    private static async Task<List<LogLine>> Lines(TestAgent agent, LogQuestion question) =>
        [.. (await Ask(agent, question)).Where(it => it.Passed != true).Select(it => it.Line).OfType<LogLine>()];

    private static async Task<string[]> Words(TestAgent agent, LogQuestion question) =>
        [.. (await Lines(agent, question)).Select(it => it.Line)];

    private static async Task RunToItsEnd(TestAgent agent, string instance, string script)
    {
        await agent.Run(instance, Shell(script));
        await Ended(agent, instance);
    }

    private static Task<InstanceReport?> Ended(TestAgent agent, string instance) => TestAgent.Until(
        () => agent.Control.Believes.GetValueOrDefault(instance), it => it is { Phase: Phase.Exited }, "it ended");
}
