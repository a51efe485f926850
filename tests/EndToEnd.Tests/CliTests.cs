using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>orc at a real cluster, in a pipe as scripts have it, and in a terminal as people have it.</summary>
public sealed class CliTests(OpenCluster shared) : IClassFixture<OpenCluster>
{
    private readonly RunningCluster cluster = shared.Running;

    private OrcProgram Orc => new(cluster);

    [Fact]
    public async Task In_a_pipe_lines_are_plain_results_are_data_and_exit_codes_tell()
    {
        var ran = await Orc.Done("run", Engine.Image, "--name", "piped", "-p", "80", "--replicas", "2", "--set", "update.monitor=100ms",
            "--wait");
        Assert.Contains("✓ piped: 2 instances run\n", ran, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ran);

        var instances = JsonNode.Parse(await Orc.Done("ps", "piped", "-o", "json"))!.AsArray();
        Assert.Equal(["piped-1-r1-a1", "piped-2-r1-a1"], instances.Select(it => $"{it!["name"]}"));
        Assert.Equal("piped-1-r1-a1 running\npiped-2-r1-a1 running\n", await Orc.Done("ps", "piped", "--format", "{{.Name}} {{.Phase}}"));
        Assert.Contains("name: piped", await Orc.Done("service", "inspect", "piped", "-o", "yaml"), StringComparison.Ordinal);

        Assert.Contains("+   run", await Orc.Done("scale", "piped=3", "--dry-run"), StringComparison.Ordinal);
        Assert.Equal((4, true), await Says("there is a service 'piped' already", "run", "x", "--name", "piped"));
        Assert.Equal((3, true), await Says("did you mean piped?", "service", "inspect", "pipde"));
        Assert.Equal((2, true), await Says("did you mean scale?", "scael", "piped=3"));
        Assert.Equal((2, true), await Says("image: ", "update", "piped", "--image", "NOT AN IMAGE"));
        Assert.Equal((5, true), await Says(
            "piped is not as wished after 1s", "update", "piped", "--reserve-memory", "900Gi", "--wait", "--timeout", "1s"));
        await Orc.Done("rollback", "piped", "--wait");

        Assert.Contains("piped-1-r1-a1 is running on worker-", await Orc.Done("events", "piped"), StringComparison.Ordinal);
        Assert.Equal("bin\n", (await Orc.Done("exec", "piped/1", "/bin/busybox", "ls", "/"))[..4]);
        Assert.Equal(7, (await Orc.Run("exec", "piped/1", "/bin/busybox", "sh", "-c", "exit 7")).Code);
        Assert.Equal(2, (await Orc.Run("rm", "piped")).Code);
        Assert.Contains("nothing is left of it", await Orc.Done("rm", "piped", "--yes", "--wait"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_file_that_several_commands_share_each_goes_on_where_the_last_ended()
    {
        var file = Path.Combine(cluster.Folder, "shared");
        var names = Orc.Line("members", "-o", "name");
        await Shell.Run("bash", "-c", $"{{ echo begin; {names}; {names}; echo end; }} > '{file}'");
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "begin", "control-plane-1", "control-plane-2", "worker-a", "worker-b",
                "control-plane-1", "control-plane-2", "worker-a", "worker-b", "end",
            ], lines);
    }

    [Fact]
    public async Task Over_the_death_of_a_master_orders_are_carried_out_and_lines_come_once()
    {
        await Orc.Done("run", Engine.Image, "--name", "lasting", "--wait", "--", "/bin/busybox", "sh", "-c",
            "i=0; while :; do i=$((i+1)); echo $i; /bin/busybox sleep 0.1; done");
        var (heard, follow) = Follow("lasting");
        await cluster.Eventually(() => Task.FromResult(heard.Count), count => count > 10, "lines come");
        await cluster.StopApp("control-plane-1", kill: true);
        await Orc.Done("scale", "lasting=2", "--wait");
        var soFar = heard.Count;
        await cluster.Eventually(() => Task.FromResult(heard.Count), count => count > soFar + 20, "lines go on");
        follow.Kill();

        // Whoever follows ends with whoever reads.
        var (code, first10) = await Shell.Try("bash", "-c", $"{Orc.Line("logs", "lasting", "-f")} | head -n 10; exit ${{PIPESTATUS[0]}}");
        Assert.Equal((141, 10), (code, first10.Split('\n').Length));
        await cluster.StartApp("control-plane-1");
        var first = heard.ToArray().Where(it => it.StartsWith("lasting-1-", StringComparison.Ordinal)).Select(it => it.Split("| ")[1])
            .ToList();
        Assert.Equal(Enumerable.Range(1, first.Count).Select(it => $"{it}"), first);
        await Orc.Done("rm", "lasting", "--yes", "--wait");
    }

    [Fact]
    public async Task In_a_terminal_there_are_bars_colours_and_a_shell()
    {
        await using (var run = new PseudoTerminal(Orc.Line("run", Engine.Image, "--name", "shown", "--replicas", "2", "--wait"), rows: 30,
            columns: 100))
        {
            await run.Shows("✓");
            Assert.Equal(0, await run.Ends());
            Assert.True(run.Screen.Contains("━━━━", StringComparison.Ordinal),
                run.Screen.Replace("\u001b", "\\e", StringComparison.Ordinal));
            Assert.Contains("slot 2", run.Screen, StringComparison.Ordinal);
            Assert.Contains("\u001b[32m✓\u001b[0m shown: 2 instances run", run.Screen, StringComparison.Ordinal);
        }

        await using (var shell = new PseudoTerminal(Orc.Line("exec", "-it", "shown/1", "/bin/sh"), rows: 30, columns: 100))
        {
            await shell.Shows("# ");
            await shell.Type("/bin/busybox stty size\r");
            await shell.Shows("30 100");
            await shell.Type("exit 7\r");
            Assert.Equal(7, await shell.Ends());
        }

        await using (var watch = new PseudoTerminal(Orc.Line("ps", "--watch"), rows: 30, columns: 100))
        {
            await watch.Shows("shown-2-r1-a1");
            await watch.Type("\u0003");
            Assert.Equal(130, await watch.Ends());
        }

        await using (var remove = new PseudoTerminal(Orc.Line("rm", "shown", "--wait"), rows: 30, columns: 100))
        {
            await remove.Shows("Remove shown with its 2 instances? [y/N]");
            await remove.Type("y\r");
            Assert.Equal(0, await remove.Ends());
        }
    }

    private async Task<(int, bool)> Says(string words, params string[] arguments)
    {
        var (code, output) = await Orc.Run(arguments);
        Assert.True(output.Contains(words, StringComparison.Ordinal), output);
        return (code, true);
    }

    /// <summary>Every line of a service, as it is printed.</summary>
    private (System.Collections.Concurrent.ConcurrentQueue<string> Heard, System.Diagnostics.Process Follow) Follow(string service)
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var process = Orc.Start("logs", service, "-f", "--tail", "100000");
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && !text.StartsWith('#')) heard.Enqueue(text);
        };
        process.BeginOutputReadLine();
        return (heard, process);
    }
}
