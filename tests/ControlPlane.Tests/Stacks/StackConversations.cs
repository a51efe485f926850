using System.Text.Json.Nodes;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Stacks;

/// <summary>The life of a stack as its user sees it.</summary>
public sealed class StackConversations
{
    private const string Shop = """{"db":{"image":"db:1"},"web":{"image":"web:1","dependsOn":{"db":"healthy"}}}""";
    private const string ShopWithCache =
        """{"db":{"image":"db:2"},"cache":{"image":"cache:1"},"web":{"image":"web:2","dependsOn":["db","cache"]}}""";

    [Fact]
    public async Task Services_come_in_the_order_of_their_dependencies()
    {
        await using var stage = await StackStage.With();
        var accepted = await stage.Deploy(Shop);
        Assert.Equal((202, "/stacks/shop/deployments/1", "waiting"),
            (accepted.Status, $"{accepted.Headers.Location}", $"{accepted["state"]}"));
        var stack = await stage.Settle();
        Assert.Equal(("deployed", "done"), ($"{stack["state"]}", $"{stack["deployment"]!["state"]}"));
        Assert.Equal(["db:1", "web:1"], stage.Begun);
        Assert.Equal(["db shop-db running 1", "web shop-web running 1"], Services(stack));
        Assert.Equal(
            [
                "1 Running 1/2: db", "1 Running 2/2: web", "1 Done /2: ",
            ], stage.Work.Told.Where(it => !it.Contains("Waiting", StringComparison.Ordinal)).Distinct());
        var service = await stage.Api.Ask("GET /services/shop-web");
        Assert.Equal("""{"orchestrator.stack":"shop","orchestrator.stack-service":"web"}""", service["spec"]["labels"]!.ToJsonString());
        Assert.Equal("""{"stack":"shop","deployment":1,"round":0,"revision":1}""", service["stack"].ToJsonString());
        var list = await stage.Api.Ask("GET /stacks");
        Assert.Equal(["shop deployed"], list.Each("stacks", "name", "state"));
        Assert.Equal(200, (await stage.Api.Ask("GET /stacks/shop/deployments/1")).Status);
        Assert.Equal("404 no deployment 2 of a stack 'shop' is kept", (await stage.Api.Ask("GET /stacks/shop/deployments/2")).Words);
    }

    [Fact]
    public async Task A_worker_that_dies_meanwhile_is_no_failure_of_the_deployment()
    {
        await using var stage = await StackStage.With();
        await stage.Join("b");
        await stage.Deploy(Shop);
        await stage.Pass(_ => stage.Running.Any(), "the first service runs");
        stage.KillWorkerOf("shop-db-1-r1-a1");
        var stack = await stage.Settle();
        Assert.True($"{stack["deployment"]!["state"]}" == "done", $"{stack["deployment"]}");
        await stage.Pass(_ => stage.Running.Count() == 2, "the other worker takes over");
        Assert.Equal(["shop-db-1-r1-a2 db:1", "shop-web-1-r1-a1 web:1"], stage.Running);
        Assert.Equal(["db:1", "db:1", "web:1"], stage.Begun);
    }

    [Fact]
    public async Task A_bad_release_takes_the_whole_back()
    {
        await using var stage = await StackStage.With("web:2");
        await stage.Deploy(Shop);
        await stage.Settle();
        await stage.Deploy(ShopWithCache);
        var stack = await stage.Settle();
        Assert.True($"{stack["deployment"]!["state"]}" == "rolled-back", $"{stack}");
        Assert.Equal("deployed", $"{stack["state"]}");
        Assert.StartsWith(
            "web: revision 2 was rolled back to 1: slot 1 failed: exit code 1", $"{stack["reason"]}", StringComparison.Ordinal);
        Assert.Equal(["db shop-db running 1", "web shop-web running 1"], Services(stack));
        Assert.Equal(["db:1", "web:1"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal("404 there is no service 'shop-cache'", (await stage.Api.Ask("GET /services/shop-cache")).Words);
        Assert.Equal(
            ["update web", "update db", "remove cache"],
            stack["deployment"]!["back"]!.AsArray().SelectMany(wave => wave!["steps"]!.AsArray())
                .Select(it => $"{it!["kind"]} {it["service"]}")
                .OrderByDescending(it => it, StringComparer.Ordinal));
        // The bytes that ran run again: it is the same revision.
        Assert.Equal("1", $"{(await stage.Api.Ask("GET /services/shop-db"))["revision"]}");
    }

    [Fact]
    public async Task A_first_deployment_that_fails_leaves_nothing()
    {
        await using var stage = await StackStage.With("web:1");
        await stage.Deploy(Shop, ""","deadline":"20s" """);
        var stack = await stage.Settle();
        Assert.Equal(("failed", "rolled-back"), ($"{stack["state"]}", $"{stack["deployment"]!["state"]}"));
        Assert.StartsWith("web: it has not become healthy within 20s: ", $"{stack["reason"]}", StringComparison.Ordinal);
        Assert.Empty(stage.Running);
        Assert.Empty((await stage.Api.Ask("GET /services"))["services"].AsArray());
    }

    [Fact]
    public async Task It_may_stop_where_it_is_and_be_resumed_or_cancelled()
    {
        await using var stage = await StackStage.With("web:2");
        await stage.Deploy(Shop);
        await stage.Settle();
        await stage.Deploy(ShopWithCache, ""","onFailure":"pause" """);
        var paused = await stage.Settle();
        Assert.Equal("paused", $"{paused["state"]}");
        Assert.Equal(["cache:1", "db:2", "web:1"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal(202, (await stage.Api.Ask("POST /stacks/shop/resume")).Status);
        Assert.Equal("paused", $"{(await stage.Settle())["state"]}");
        Assert.Equal(202, (await stage.Api.Ask("POST /stacks/shop/cancel?why=enough")).Status);
        var back = await stage.Settle();
        Assert.Equal("cancelled", $"{back["deployment"]!["state"]}");
        Assert.Contains("enough", $"{back["reason"]}", StringComparison.Ordinal);
        Assert.Equal(["db:1", "web:1"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal("409 no deployment is under way", (await stage.Api.Ask("POST /stacks/shop/cancel")).Words);
        Assert.Equal("409 no deployment is under way", (await stage.Api.Ask("POST /stacks/shop/resume")).Words);
    }

    [Fact]
    public async Task A_second_deployment_takes_the_place_of_the_first()
    {
        await using var stage = await StackStage.With("web:2");
        await stage.Deploy(Shop);
        await stage.Settle();
        await stage.Deploy(ShopWithCache);
        await stage.Pass(it => $"{it["deployment"]!["wave"]}" == "2", "the second wave has begun");
        await stage.Deploy("""{"db":{"image":"db:3"},"web":{"image":"web:3","dependsOn":["db"]}}""");
        var stack = await stage.Settle();
        Assert.Equal(("done", "superseded"), ($"{stack["deployment"]!["state"]}", $"{stack["deployments"]![0]!["state"]}"));
        Assert.Equal(["db:3", "web:3"], stage.Running.Select(it => it.Split(' ')[1]));
    }

    [Fact]
    public async Task What_is_not_named_any_more_is_removed_and_a_rollback_makes_it_again()
    {
        await using var stage = await StackStage.With();
        await stage.Deploy(ShopWithCache);
        await stage.Settle();
        await stage.Deploy(Shop);
        await stage.Settle();
        Assert.Equal(["db:1", "web:1"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal(202, (await stage.Api.Ask("POST /stacks/shop/rollback")).Status);
        var stack = await stage.Settle();
        Assert.Equal(("rollback", "done"), ($"{stack["deployment"]!["action"]}", $"{stack["deployment"]!["state"]}"));
        Assert.Equal(["cache:1", "db:2", "web:2"], stage.Running.Select(it => it.Split(' ')[1]));
        Assert.Equal("409 deployment 9 is not kept as one that proved good; kept are 1, 2, 3",
            (await stage.Api.Ask("POST /stacks/shop/rollback", """{"deployment":9}""")).Words);
    }

    [Fact]
    public async Task A_restart_goes_through_all_of_it_in_order()
    {
        await using var stage = await StackStage.With();
        await stage.Deploy(Shop);
        await stage.Settle();
        Assert.Equal(202, (await stage.Api.Ask("POST /stacks/shop/restart")).Status);
        var stack = await stage.Settle();
        Assert.Equal("done", $"{stack["deployment"]!["state"]}");
        Assert.Equal(["shop-db-1-r2-a1 db:1", "shop-web-1-r2-a1 web:1"], stage.Running);
    }

    [Fact]
    public async Task It_is_removed_in_reverse_order_and_its_name_begins_anew()
    {
        await using var stage = await StackStage.With();
        await stage.Deploy(Shop);
        await stage.Settle();
        var plan = await stage.Api.Ask("DELETE /stacks/shop?dryRun=true");
        Assert.Equal([["web"], ["db"]], Waves(plan));
        Assert.Equal(202, (await stage.Api.Ask("DELETE /stacks/shop")).Status);
        await stage.Gone();
        Assert.Empty(stage.Running);
        Assert.Empty((await stage.Api.Ask("GET /stacks"))["stacks"].AsArray());
        Assert.Equal("404 there is no stack 'shop'", (await stage.Api.Ask("DELETE /stacks/shop")).Words);
        // The numbers go on: what is late of the one before is told from the new one.
        Assert.Equal("/stacks/shop/deployments/3", $"{(await stage.Deploy(Shop)).Headers.Location}");
        Assert.Equal("done", $"{(await stage.Settle())["deployment"]!["state"]}");
    }

    [Fact]
    public async Task A_dry_run_shows_the_waves_and_what_each_service_would_do()
    {
        await using var stage = await StackStage.With();
        await stage.Deploy(Shop);
        await stage.Settle();
        await stage.Api.Ask("PUT /services/shop-web", """{"instances":3}""");
        Assert.Equal("instances 1 to 3", $"{(await stage.Api.Ask("GET /stacks/shop"))["services"][1]!["drift"]}");
        var plan = await stage.Deploy(ShopWithCache, query: "?dryRun=true", status: 200);
        Assert.Equal([["cache", "db"], ["web"]], Waves(plan));
        var steps = plan["waves"].AsArray().SelectMany(it => it!["steps"]!.AsArray()).ToList();
        Assert.Equal(
            [
                "create: there is none yet: cache:1", "update: image db:1 to db:2",
                "update: image web:1 to web:2, instances 3 to 1; by hand somebody has changed instances 1 to 3",
            ], steps.Select(it => $"{it!["kind"]}: {it["reason"]}"));
        Assert.Contains("shop-cache-1-r1-a1", steps[0]!["plan"]!["steps"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("deployed", $"{(await stage.Api.Ask("GET /stacks/shop"))["state"]}");
        Assert.Equal(202, (await stage.Deploy(Shop)).Status);
        await stage.Settle();
        Assert.Equal(["db:1", "web:1"], stage.Running.Select(it => it.Split(' ')[1]));
    }

    [Fact]
    public async Task What_cannot_be_is_said_before_anything_is_touched()
    {
        await using var stage = await StackStage.With();
        Assert.Equal(["services.web.dependsOn.db: there is no service db in the stack; there are web"],
            (await stage.Deploy("""{"web":{"image":"web:1","dependsOn":["db"]}}""", status: 400)).Errors);
        Assert.Equal(["services.web.secrets[0].source: there is no secret key; PUT /secrets/key makes it"],
            (await stage.Deploy("""{"web":{"image":"web:1","secrets":["key"]}}""", status: 400)).Errors);
        await stage.Api.Ask("POST /services/shop-db", """{"image":"mine:1"}""");
        Assert.Equal("409 there is a service shop-db already, and it belongs to no stack", (await stage.Deploy(Shop, status: 409)).Words);
        Assert.Equal("404 there is no stack 'shop'", (await stage.Api.Ask("GET /stacks/shop")).Words);
        Assert.Equal("404 there is no stack 'shop'", (await stage.Api.Ask("POST /stacks/shop/restart")).Words);
        Assert.Equal(400, (await stage.Api.Ask("GET /stacks/Shop")).Status);
    }

    [Fact]
    public async Task A_request_is_carried_out_once_and_only_for_the_state_that_is_meant()
    {
        await using var stage = await StackStage.With();
        await stage.Deploy(Shop);
        await stage.Settle();
        var tag = (await stage.Api.Ask("GET /stacks/shop")).Headers.ETag!.Tag;
        var body = $$"""{"services":{{Shop}}}""";
        Assert.Equal(202, (await stage.Api.Ask("PUT /stacks/shop", body, ("If-Match", tag), ("X-Request-Id", "once"))).Status);
        var again = await stage.Api.Ask("PUT /stacks/shop", body, ("X-Request-Id", "once"));
        Assert.Equal((202, "2"), (again.Status, $"{again["id"]}"));
        Assert.Equal(412, (await stage.Api.Ask("PUT /stacks/shop", body, ("If-Match", tag))).Status);
        Assert.Equal(412, (await stage.Api.Ask("PUT /stacks/shop", body, ("If-None-Match", "*"))).Status);
    }

    [Fact]
    public async Task It_is_in_a_backup_and_comes_back_with_its_services()
    {
        await using var stage = await StackStage.With();
        await stage.Deploy(Shop);
        await stage.Settle();
        var backup = (await stage.Api.Ask("GET /backup")).Text;
        await stage.Api.Ask("DELETE /stacks/shop");
        await stage.Gone();
        var restored = await stage.Api.Ask("PUT /restore", backup);
        Assert.Contains("stacks shop created", restored.Each("items", "part", "name", "outcome"));
        await stage.Api.Tell("a", "shop-db");
        await stage.Api.Tell("a", "shop-web");
        var stack = await stage.Pass(it => it["services"]!.AsArray().All(service => $"{service!["state"]}" == "running"), "all run again");
        Assert.Equal("deployed", $"{stack["state"]}");
        Assert.Null(stack["services"]![0]!["drift"]);
        Assert.Contains("stacks shop unchanged", (await stage.Api.Ask("PUT /restore", backup)).Each("items", "part", "name", "outcome"));
        Assert.Equal(202, (await stage.Deploy(ShopWithCache)).Status);
        Assert.Equal("done", $"{(await stage.Settle())["deployment"]!["state"]}");
    }

    private static IEnumerable<string> Services(JsonNode stack) => stack["services"]!.AsArray()
        .Select(it => $"{it!["name"]} {it["service"]} {it["state"]} {it["running"]}");

    private static IEnumerable<IEnumerable<string>> Waves(Answer plan) => plan["waves"].AsArray()
        .Select(wave => wave!["steps"]!.AsArray().Select(it => $"{it!["service"]}"));
}
