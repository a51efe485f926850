namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>What can be asked of a service besides its spec.</summary>
public sealed class ActionConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_restart_replaces_every_instance()
    {
        await Running();
        var answer = await api.Ask("POST /services/web/restart");
        Assert.Equal((200, "2"), (answer.Status, $"{answer["revision"]}"));
        Assert.Contains("web-1-r2-a1 placed", answer.Each("instances", "name", "phase"));
    }

    [Fact]
    public async Task A_rollback_returns_to_the_revision_before_or_to_the_one_that_is_named()
    {
        await Running();
        Assert.Equal("409 there is no revision before 1", (await api.Ask("POST /services/web/rollback")).Words);
        await api.Ask("PUT /services/web", """{"image":"web:2"}""");
        await api.Ask("PUT /services/web", """{"image":"web:3"}""");
        Assert.Equal("web:2", $"{(await api.Ask("POST /services/web/rollback"))["spec"]["image"]}");
        var answer = await api.Ask("POST /services/web/rollback", """{"revision":1}""");
        Assert.Equal((200, "1", "web:1"), (answer.Status, $"{answer["revision"]}", $"{answer["spec"]["image"]}"));
        Assert.Equal("409 revision 1 is in force already", await RollBackTo(1));
        Assert.Equal("409 revision 9 is not kept; kept are 1, 2, 3", await RollBackTo(9));
    }

    [Fact]
    public async Task An_update_under_way_is_paused_and_resumed()
    {
        await Running();
        Assert.Equal("409 no rollout is under way", (await api.Ask("POST /services/web/pause")).Words);
        await api.Ask("PUT /services/web", """{"image":"web:2"}""");
        Assert.Equal("409 the rollout is not paused", (await api.Ask("POST /services/web/resume")).Words);
        var paused = await api.Ask("POST /services/web/pause?why=lunch");
        Assert.Equal(200, paused.Status);
        Assert.Contains("paused: by unknown: lunch", $"{paused["rollout"]}", StringComparison.Ordinal);
        var resumed = await api.Ask("POST /services/web/resume");
        Assert.Equal(200, resumed.Status);
        Assert.DoesNotContain("paused", $"{resumed["rollout"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_are_rebalanced_when_that_makes_sense()
    {
        await Running();
        await api.Ask("POST /services/agent", """{"image":"agent:1","mode":"global"}""");
        Assert.Equal(200, (await api.Ask("POST /services/web/rebalance")).Status);
        Assert.Equal(
            "409 a global service runs once on each eligible worker; there is nothing to move",
            (await api.Ask("POST /services/agent/rebalance")).Words);
        await api.Ask("PUT /services/web", """{"image":"web:2"}""");
        Assert.Equal("409 a rollout is under way; rebalance when it has ended", (await api.Ask("POST /services/web/rebalance")).Words);
    }

    [Fact]
    public async Task A_service_explains_where_its_instances_are_in_pages()
    {
        await Running(instances: 60);
        var first = await api.Ask("GET /services/web/explain");
        Assert.Equal((200, 50, "51"), (first.Status, first["slots"].AsArray().Count, $"{first["next"]}"));
        Assert.Equal("1 web-1-r1-a1 a running", first.Each("slots", "slot", "instance", "worker", "phase").First());
        var second = await api.Ask("GET /services/web/explain?from=51");
        Assert.Equal((10, null), (second["slots"].AsArray().Count, second.Json!["next"]));
    }

    private async Task<string> RollBackTo(int revision) =>
        (await api.Ask("POST /services/web/rollback", $$"""{"revision":{{revision}}}""")).Words;

    private async Task Running(int instances = 2)
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", $$"""{"image":"web:1","instances":{{instances}}}""");
        await api.CarryOut();
    }
}
