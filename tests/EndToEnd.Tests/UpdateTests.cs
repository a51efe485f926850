using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>New revisions on real containers.</summary>
[Collection(SharedCluster.Calm)]
public sealed class UpdateTests(SharedCluster shared)
{
    private readonly RunningCluster cluster = shared.Running;

    [Fact]
    public async Task A_rolling_update_under_load_fails_no_request()
    {
        await Engine.MakeImage("busybox-www:2", "two");
        // Without a probe an instance counts as soon as it is started, which is a moment before its program listens.
        await cluster.Make("web", $$"""
            {
              "image": "{{Engine.Image}}", "ports": [80], "instances": 2, "stopDelay": "2s", "update": { "monitor": "500ms" },
              "health": { "http": { "path": "/" }, "interval": "1s" }
            }
            """);
        await cluster.Runs("web", 2);
        await using var balancer = new LoadBalancer(cluster, "web");
        await cluster.Eventually(() => Task.FromResult(balancer.Backends), count => count == 2, "the load balancer has two backends");

        var client = new SteadyClient(balancer.Get);
        await using (client)
        {
            await cluster.Eventually(
                () => Task.FromResult(client.Answers.GetValueOrDefault("ok")), count => count > 100, "the old revision answers");
            await cluster.Change("web", """{"image":"busybox-www:2"}""");

            await cluster.Eventually(() => cluster.Service("web"),
                s => s.Rollout is null && s.Running == 2 && s.Instances.Count == 2
                    && s.Instances.All(i => i.Revision == 2), "both slots run revision 2");
            var answeredByNow = client.Answers.GetValueOrDefault("two");
            await cluster.Eventually(
                () => Task.FromResult(client.Answers.GetValueOrDefault("two")), count =>
                count > answeredByNow + 100, "the new revision answers");
        }

        Assert.Empty(client.Failures);
        Assert.Equal(["ok", "two"], client.Answers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_rolled_back_and_the_old_instances_never_stopped()
    {
        var before = await cluster.Create("badimage", 2);

        await Update("badimage", """{"image":"localhost:1/no-such-image:7"}""");

        var after = await RolledBack("badimage", 2);
        Assert.Equal(before.Instances.Select(i => i.ContainerId), after.Instances.Select(i => i.ContainerId));
        Assert.Equal(Engine.Image, after.Spec.Container.Image);
        var history = await cluster.History("badimage");
        Assert.Contains(history, line => line.Contains("no-such-image", StringComparison.Ordinal));
        await cluster.Eventually(
            () => Task.FromResult(cluster.Printed("Pulling localhost:1/no-such-image:7 ahead of need")), printed =>
                printed, "workers of the service tried to have the image before they need it");
    }

    [Fact]
    public async Task An_image_that_exits_is_rolled_back_and_the_history_says_why()
    {
        var before = await cluster.Create("exits", 2);

        await Update("exits", """{"command":["/bin/busybox","sh","-c","echo cannot open the book; exit 3"]}""");

        var after = await RolledBack("exits", 2);
        Assert.Equal(before.Instances.Select(i => i.ContainerId), after.Instances.Select(i => i.ContainerId));
        var history = await cluster.History("exits");
        Assert.Contains(history, line =>
            line.Contains("exit code 3", StringComparison.Ordinal) && line.Contains("cannot open the book", StringComparison.Ordinal));
    }

    /// <summary>The answer shows the new revision; by the next look it may be gone again.</summary>
    private async Task Update(string service, string fields) => Assert.Equal(2, (await cluster.Change(service, fields)).Revision);

    private Task<ServiceView> RolledBack(string service, int instances) => cluster.Eventually(
        () => cluster.Service(service),
        s => s.Rollout is null && s.Revision == 1 && s.Running == instances && s.Instances.Count == instances,
        $"{service} is back on revision 1");
}
