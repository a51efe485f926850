using Orchestrator.ControlPlane.Tests.Stacks;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>The workflow of a stack on the real engine, with the time of the test.</summary>
public sealed class DeployStackTests
{
    private const string Shop = """
        {"db":{"image":"db:1"},"migrate":{"image":"migrate:1","mode":"job","dependsOn":{"db":"healthy"}},
         "web":{"image":"web:1","dependsOn":{"migrate":"completed","db":"healthy"}}}
        """;

    private const string Next = """
        {"db":{"image":"db:2"},"cache":{"image":"cache:1"},"migrate":{"image":"migrate:2","mode":"job","dependsOn":{"db":"healthy"}},
         "web":{"image":"web:2","dependsOn":{"migrate":"completed","db":"healthy","cache":"started"}}}
        """;

    [Fact]
    public async Task A_deployment_is_carried_out()
    {
        await using var stage = await StackStage.OnEngine(_ => false);
        await stage.Deploy(Shop);
        var stack = await stage.Settle();
        Assert.True($"{stack["deployment"]!["state"]}" == "done", $"{stack["deployment"]}");
        Assert.Equal(["db:1", "migrate:1", "web:1"], stage.Begun);
        await stage.Deploy(Next);
        Assert.Equal("done", $"{(await stage.Settle())["deployment"]!["state"]}");
        Assert.Equal(["cache:1", "db:2", "web:2"], stage.Running.Select(it => it.Split(' ')[1]));
        await stage.Api.Ask("DELETE /stacks/shop");
        await stage.Gone();
        Assert.Empty(stage.Running);
    }

    [Fact]
    public async Task A_master_may_die_after_every_single_step_and_each_has_one_effect()
    {
        // Each activity runs, its master dies before the answer leaves, and another master runs it again.
        await using var stage = await StackStage.OnEngine(run => run % 2 == 1);
        await stage.Deploy(Shop);
        Assert.Equal("done", $"{(await stage.Settle())["deployment"]!["state"]}");
        await stage.Deploy(Next);
        var stack = await stage.Settle();
        Assert.True($"{stack["deployment"]!["state"]}" == "done", $"{stack["deployment"]}");
        Assert.Equal(["cache:1", "db:2", "web:2"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal(["cache 1", "db 2", "migrate 2", "web 2"],
            stack["services"]!.AsArray().Select(it => $"{it!["name"]} {it["revision"]}"));
        Assert.Equal(2, (await stage.Api.Ask("GET /services/shop-migrate"))["job"]["runs"]!.AsArray().Count);
        Assert.True(stage.Engine!.Deaths > 10, $"{stage.Engine.Deaths} deaths");
    }

    [Fact]
    public async Task And_so_may_it_on_the_way_back()
    {
        await using var stage = await StackStage.OnEngine(run => run % 2 == 1, "migrate:2");
        await stage.Deploy(Shop);
        await stage.Settle();
        await stage.Deploy(Next);
        var stack = await stage.Settle();
        Assert.True($"{stack["deployment"]!["state"]}" == "rolled-back", $"{stack["deployment"]}");
        Assert.StartsWith("migrate: run 2 failed: ", $"{stack["reason"]}", StringComparison.Ordinal);
        Assert.Equal(["db:1", "web:1"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal(["db 1", "migrate 1", "web 1"],
            stack["services"]!.AsArray().Select(it => $"{it!["name"]} {it["revision"]}"));
    }

    [Fact]
    public async Task A_workflow_that_is_lost_begins_anew_and_goes_on_where_the_record_is()
    {
        await using var stage = await StackStage.OnEngine(_ => false);
        await stage.Deploy(Shop);
        await stage.Pass(it => $"{it["deployment"]!["waves"]?[0]?["steps"]![0]!["state"]}" == "applied", "the first service has been told");
        await stage.Engine!.Client.TerminateWorkflowAsync("stack-shop", "", TestContext.Current.CancellationToken);
        await stage.Engine.Client.PurgeInstanceAsync("stack-shop", TestContext.Current.CancellationToken);
        await stage.Remind();
        Assert.Equal("done", $"{(await stage.Settle())["deployment"]!["state"]}");
        Assert.Equal(["db:1", "migrate:1", "web:1"], stage.Begun);
    }
}
