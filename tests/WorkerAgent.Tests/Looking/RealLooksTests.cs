using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Looking;
using Orchestrator.WorkerAgent.Tests.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Looking;

/// <summary>What a real engine shows of an instance.</summary>
public sealed class RealLooksTests(RealEngine engine, ITestOutputHelper output) : IClassFixture<RealEngine>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_one_shows_itself_what_it_uses_and_its_processes()
    {
        await using var agent = await engine.Agent();
        await agent.Run("busy-1-r1-a1", new()
        {
            Image = RealEngine.Image, Command = ["/bin/busybox", "sh", "-c", "while :; do :; done"], WorkingDir = "/www",
            Env = ValueMap.Of(("SECRET", "hidden")), Resources = new() { Limit = new(0.5, ByteSize.Mi(64)) },
        });
        await agent.Believed("busy-1-r1-a1 Running");
        var glass = agent.Get<LookingGlass>();
        var seen = (await glass.Inspect(new("busy", "busy-1-r1-a1"), Cancel))!;
        Assert.Equal(
            ("running", "busy-1-r1-a1", "/www", "json-file", false),
            (seen.Container!.State, seen.Container.Name, seen.Container.WorkingDir, seen.Container.LogDriver, seen.Kept));
        Assert.True(seen.Container.ProcessId > 0);
        Assert.DoesNotContain("hidden", JsonSerializer.Serialize(seen, ContractsJson.Options), StringComparison.Ordinal);

        var stats = await Stats(glass, new() { Service = "busy" });
        output.WriteLine(stats.ToString());
        Assert.InRange(stats.Cpu, 0.01, 0.9);
        Assert.Equal(ByteSize.Mi(64).Bytes, stats.MemoryLimit);
        Assert.InRange(stats.Memory, 1, ByteSize.Mi(64).Bytes);
        Assert.Equal(1, stats.Processes);

        var table = (await glass.Processes(new("busy", "busy-1-r1-a1"), Cancel))!;
        Assert.Contains("while :; do :; done", string.Join(' ', Assert.Single(table.Processes)), StringComparison.Ordinal);
        await agent.Stop("busy-1-r1-a1", grace: 0);
    }

    [Fact]
    public async Task One_that_failed_shows_its_last_lines_also_when_it_is_only_kept()
    {
        await using var agent = await engine.Agent();
        await agent.Run("broken-1-r1-a1", new()
        {
            Image = RealEngine.Image, Command = ["/bin/busybox", "sh", "-c", "for i in $(/bin/busybox seq 1 30); do echo $i; done; exit 4"],
        });
        await TestAgent.Until(
            () => agent.Control.Believes.GetValueOrDefault("broken-1-r1-a1"), it => it is { Phase: Phase.Exited }, "it ended");
        var glass = agent.Get<LookingGlass>();
        var seen = (await glass.Inspect(new("broken", "broken-1-r1-a1"), Cancel))!;
        Assert.Equal((EndCause.Program, 4, false), (seen.Report?.Cause, seen.Container?.ExitCode, seen.Kept));
        Assert.Equal(Enumerable.Range(11, 20).Select(it => $"{it}"), seen.LastLines.Select(it => it.Line));
        await agent.Forget("broken-1-r1-a1");
        await agent.Believed();
        seen = (await glass.Inspect(new("broken", "broken-1-r1-a1"), Cancel))!;
        Assert.Equal((null, 4, true, 20), (seen.Report, seen.Container?.ExitCode, seen.Kept, seen.LastLines.Count));
        Assert.Null(await glass.Processes(new("broken", "broken-1-r1-a1"), Cancel));
        Assert.Null(await glass.Inspect(new("broken", "broken-9-r1-a1"), Cancel));
    }

    private static async Task<InstanceStats> Stats(LookingGlass glass, StatsQuestion question)
    {
        await foreach (var stats in glass.Stats(question, Cancel)) return stats;
        throw new InvalidOperationException("nothing is told");
    }
}
