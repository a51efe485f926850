using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>The sample of a compose file, deployed from a command line.</summary>
[Collection(SharedCluster.Calm)]
public sealed class ComposeTests(SharedCluster shared) : IAsyncDisposable
{
    private readonly RunningCluster cluster = shared.Running;
    private readonly string stack = $"shop-{Guid.NewGuid():N}"[..10];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await new OrcProgram(cluster).Run("stack", "rm", stack, "--yes", "--wait");
        await Shell.Try("docker", "volume", "rm", "--force", $"{stack}_goods");
    }

    [Fact]
    public async Task The_sample_is_planned_deployed_changed_rolled_back_and_removed()
    {
        var orc = new OrcProgram(cluster, ("IMAGE", Engine.Image));
        string[] files = ["-f", Path.Combine(RunningCluster.Repository, "samples", "compose-shop", "compose.yaml"), "--name", stack];

        Assert.Contains($"{stack}: 3 services in 3 waves, nothing done", await orc.Done(["plan", .. files]), StringComparison.Ordinal);

        var deployed = await orc.Done(["deploy", .. files, "--wait", "--timeout", "2m"]);
        Assert.Contains($"✓ {stack}: deployment ", deployed, StringComparison.Ordinal);
        Assert.Contains("filled by Ada", await orc.Done("logs", $"{stack}-fill"), StringComparison.Ordinal);
        var web = await cluster.Service($"{stack}-web");
        Assert.Equal((2, 1), (web.Running, web.Revision));

        // The same again touches nothing.
        await orc.Done(["deploy", .. files, "--wait"]);
        var again = await cluster.Service($"{stack}-web");
        Assert.Equal(web.Instances.Select(it => it.ContainerId), again.Instances.Select(it => it.ContainerId));

        // A bad release goes back as a whole, and says why.
        var bad = Path.Combine(cluster.Folder, "bad.yaml");
        await File.WriteAllTextAsync(
            bad, "services: {store: {environment: {RELEASE: '2'}}, web: {command: /bin/busybox false}}", Cancel);
        var (code, output) = await orc.Run(["deploy", .. files, "-f", bad, "--wait", "--timeout", "2m"]);
        Assert.True(code == 1, output);
        Assert.Contains("is rolled-back: ", output, StringComparison.Ordinal);
        Assert.Null((await cluster.Service($"{stack}-store")).Spec.Container.Env["RELEASE"]);
        Assert.Empty((await cluster.Service($"{stack}-web")).Spec.Container.Command);

        // In a terminal the waves move.
        var (ended, drawn) = await orc.RunInTerminal("stack", "restart", stack, "--wait", "--timeout", "2m");
        Assert.True(ended == 0, drawn);
        foreach (var part in new[] { "wave 1", "restart applied", "✓", "\u001b[" }) Assert.Contains(part, drawn, StringComparison.Ordinal);

        Assert.Contains("nothing is left of it", await orc.Done("stack", "rm", stack, "--yes", "--wait"), StringComparison.Ordinal);
        Assert.DoesNotContain(await cluster.Engine.Running(), it => it.StartsWith(stack, StringComparison.Ordinal));
    }
}
