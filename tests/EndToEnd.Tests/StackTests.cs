using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>An application of three on real containers: a database with a volume, a job that prepares it, pages in front.</summary>
public sealed class StackTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static StackSpec Shop(int release, string job = "echo migrated") => JsonSerializer.Deserialize<StackSpec>($$"""
        {
          "services": {
            "db": {
              "image": "{{Engine.Image}}", "ports": [80], "volumes": ["shop-data:/data"], "env": {"RELEASE": "{{release}}"},
              "health": {"http": {"path": "/"}, "interval": "1s"}, "update": {"monitor": "500ms", "order": "stop-first"}
            },
            "migrate": {
              "image": "{{Engine.Image}}", "command": ["/bin/busybox", "sh", "-c", "{{job}}"], "env": {"RELEASE": "{{release}}"},
              "mode": "job", "attempts": 1, "dependsOn": {"db": "healthy"}
            },
            "web": {
              "image": "{{Engine.Image}}", "ports": [80], "instances": 2, "stopDelay": "2s", "env": {"RELEASE": "{{release}}"},
              "health": {"http": {"path": "/"}, "interval": "1s"}, "update": {"monitor": "500ms"},
              "dependsOn": {"migrate": "completed", "db": "healthy"}
            }
          },
          "deadline": "90s"
        }
        """, ContractsJson.Strict)!;

    [Fact]
    public async Task A_bad_release_goes_back_as_a_whole_and_nobody_notices_whichever_master_dies()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.Client().Stacks.Deploy("shop", Shop(1), cancel: Cancel);
        await Ends(cluster, DeploymentState.Done);
        var web = await cluster.Runs("shop-web", 2);
        Assert.Equal("completed 1/1", (await cluster.Service("shop-migrate")).Job!.Progress);

        await using var balancer = new LoadBalancer(cluster, "shop-web");
        await cluster.Eventually(() => Task.FromResult(balancer.Backends), count => count == 2, "the load balancer has two backends");
        var client = new SteadyClient(balancer.Get);
        await using (client)
        {
            await cluster.Eventually(() => Task.FromResult(client.Answers.GetValueOrDefault("ok")), count => count > 100, "pages come");

            // The job of the next release takes a while and fails; in the middle of it a master dies.
            await cluster.Client().Stacks.Deploy("shop", Shop(2, "sleep 4; exit 3"), cancel: Cancel);
            await cluster.Eventually(() => cluster.Client().Stacks.Get("shop", Cancel), it => it.Deployment!.Wave == 2, "the job runs");
            await cluster.StopApp(cluster.RunFile.Masters[1].Name, kill: true);
            var back = await Ends(cluster, DeploymentState.RolledBack);
            Assert.StartsWith("migrate: run 2 failed: ", back.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(client.Failures);
        Assert.Equal(["ok"], client.Answers.Keys);
        Assert.Equal(
            web.Instances.Select(it => it.ContainerId), (await cluster.Service("shop-web")).Instances.Select(it => it.ContainerId));
        Assert.Equal("1", (await cluster.Service("shop-db")).Spec.Container.Env["RELEASE"]);

        // And with one master the good release comes, and all of it goes.
        await cluster.Client().Stacks.Deploy("shop", Shop(3), cancel: Cancel);
        await Ends(cluster, DeploymentState.Done);
        Assert.Equal("3", (await cluster.Service("shop-web")).Spec.Container.Env["RELEASE"]);
        await cluster.Client().Stacks.Remove("shop", cancel: Cancel);
        await cluster.Eventually(() => cluster.Client().Stacks.Find("shop", Cancel), it => it is null, "nothing is left of the stack");
        Assert.Empty(await cluster.Engine.Running());
    }

    private static async Task<StackDeployment> Ends(RunningCluster cluster, DeploymentState state)
    {
        var stack = await cluster.Eventually(
            () => cluster.Client().Stacks.Get("shop", Cancel),
            it => it.Deployment!.State is not (DeploymentState.Waiting or DeploymentState.Running or DeploymentState.RollingBack),
            "the deployment ends", TimeSpan.FromSeconds(120));
        Assert.True(stack.Deployment!.State == state, $"{stack.Deployment}");
        return stack.Deployment;
    }
}
