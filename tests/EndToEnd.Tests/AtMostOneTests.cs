using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Contracts.Workers;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>
/// A service with <c>onLeaseLost: stop</c> never has two, whatever becomes of its worker's agent; the engine is the witness.
/// </summary>
public sealed class AtMostOneTests
{
    [Theory]
    [InlineData("killed")]
    [InlineData("frozen")]
    [InlineData("stopped")]
    public async Task What_may_run_once_only_runs_once_when_the_agent_is(string fate)
    {
        await using var cluster = await RunningCluster.Start();
        using var life = new LifeWatch(cluster.Name);
        var worker = await CreateOnce(cluster);
        var agent = Agent(cluster, worker);

        if (fate == "killed") await cluster.StopApp(worker, kill: true);
        else if (fate == "stopped") await cluster.StopApp(worker);
        else await Shell.Run("kill", "-STOP", agent);
        await cluster.Eventually(() => cluster.Service("once"), s => s.Running == 1 && s.Instances.Single().Worker != worker,
            $"it runs on the other worker\n{life.Story}");
        // Who takes leave gives back what it has, and nobody waits for its lease.
        var told = await cluster.History("once");
        Assert.True((fate == "stopped") == told.Any(it => it.Contains("handed back", StringComparison.Ordinal)), string.Join('\n', told));

        if (fate == "frozen") await Shell.Run("kill", "-CONT", agent);
        else await cluster.StartApp(worker);
        await cluster.Eventually(
            () => cluster.Members(), m => m.Members.All(x => x.Status == WorkerHealth.Ready), "all members are ready again");
        await cluster.Runs("once", 1);
        await cluster.Eventually(async () => (await cluster.Engine.All()).Length, count => count == 1, "nothing else is left");
        Assert.True(life.MostOf("once") == 1, $"two lived at once:\n{life.Story}");
    }

    [Fact]
    public async Task A_frozen_agent_that_goes_on_within_its_lease_has_lost_nothing()
    {
        await using var cluster = await RunningCluster.Start();
        using var life = new LifeWatch(cluster.Name);
        var worker = await CreateOnce(cluster);
        var agent = Agent(cluster, worker);
        var before = await cluster.Engine.Identities();
        await Shell.Run("kill", "-STOP", agent);
        await cluster.Eventually(() => cluster.Members(), m => m.Members.Single(x => x.Name == worker).Status == WorkerHealth.Suspect,
            "its silence is noticed, after half of the lease");
        await Shell.Run("kill", "-CONT", agent);
        await cluster.Eventually(
            () => cluster.Members(), m => m.Members.All(x => x.Status == WorkerHealth.Ready), "all members are ready again");
        Assert.Equal(before, await cluster.Engine.Identities());
        Assert.Equal(1, life.MostOf("once"));
    }

    [Fact]
    public async Task A_guard_that_was_killed_is_there_again()
    {
        await using var cluster = await RunningCluster.Start();
        var first = await cluster.Eventually(() => Guards(cluster), guards => guards.Length == 2, "each worker has a guard");
        await Shell.Run("kill", "-KILL", first[0]);
        await cluster.Eventually(
            () => Guards(cluster), guards => guards.Length == 2 && !guards.Contains(first[0]), "a new one is in its place");
    }

    private static async Task<string> CreateOnce(RunningCluster cluster)
    {
        await cluster.Make("once", $$"""{"image":"{{Engine.Image}}","instances":1,"onLeaseLost":"stop"}""");
        return (await cluster.Runs("once", 1)).Instances.Single().Worker;
    }

    private static string Agent(RunningCluster cluster, string worker) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(cluster.WorkersFolder, worker, "guard.json")))!["Agent"]!["Pid"]!.ToString();

    /// <summary>The guards of the cluster's workers, by process.</summary>
    private static Task<string[]> Guards(RunningCluster cluster) => Task.FromResult(Directory.EnumerateDirectories("/proc")
        .Select(process => Path.GetFileName(process)!).Where(pid => int.TryParse(pid, CultureInfo.InvariantCulture, out _))
        .Where(pid => Read(pid, "cmdline").Contains("\0guard\0", StringComparison.Ordinal)
            && Read(pid, "cmdline").Contains("dotnet", StringComparison.Ordinal)
            && Read(pid, "environ").Contains($"DATA_FOLDER={cluster.WorkersFolder}\0", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).ToArray());

    private static string Read(string pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
