namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>The life of a service as its user sees it.</summary>
public sealed class ServiceConversations : IAsyncDisposable
{
    private const string Web = """{"image":"web:1","instances":2,"ports":[80]}""";

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_service_is_created_seen_scaled_and_withdrawn()
    {
        await api.Renew("a");
        var created = await api.Ask("POST /services/web", Web);
        Assert.Equal((201, "/services/web", "web"), (created.Status, created.Headers.Location?.ToString(), $"{created["name"]}"));
        Assert.Equal(["web-1-r1-a1 a placed", "web-2-r1-a1 a placed"], created.Each("instances", "name", "worker", "phase"));

        await api.CarryOut();
        var seen = await api.Ask("GET /services/web");
        Assert.Equal((200, "application/json", "2"), (seen.Status, seen.Type, $"{seen["running"]}"));
        Assert.Equal(["web-1-r1-a1 running", "web-2-r1-a1 running"], seen.Each("instances", "name", "phase"));

        var scaled = await api.Ask("PUT /services/web", """{"instances":1}""");
        Assert.Equal((200, "1"), (scaled.Status, $"{scaled["spec"]["instances"]}"));
        Assert.Equal(["web-1-r1-a1 running", "web-2-r1-a1 stopping"], scaled.Each("instances", "name", "phase"));

        var withdrawn = await api.Ask("DELETE /services/web");
        Assert.Equal((202, "true"), (withdrawn.Status, $"{withdrawn["withdrawing"]}"));
        await api.CarryOut();
        Assert.Equal("404 there is no service 'web'", (await api.Ask("GET /services/web")).Words);
        Assert.Empty((await api.Ask("GET /services"))["services"].AsArray());
    }

    [Fact]
    public async Task An_update_is_rolled_out_and_returns_what_is_to_be()
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", Web);
        await api.CarryOut();
        var updated = await api.Ask("PUT /services/web", """{"image":"web:2","update":{"monitor":"0s"}}""");
        Assert.Equal((200, "2", "web:2"), (updated.Status, $"{updated["revision"]}", $"{updated["spec"]["image"]}"));
        await api.CarryOut();
        var seen = await api.Ask("GET /services/web");
        Assert.Equal(["web-1-r2-a1 running", "web-2-r2-a1 running"], seen.Each("instances", "name", "phase"));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        await api.Ask("POST /services/web", """{"image":"web:1","env":{"A":"1","B":"2"},"update":{"monitor":"1m"}}""");
        var updated = await api.Ask("PUT /services/web", """{"env":{"B":null,"C":"3"},"update":{"parallelism":2}}""");
        Assert.Equal("""{"A":"1","C":"3"}""", updated["spec"]["env"]!.ToJsonString());
        Assert.Equal(("2", "1m"), ($"{updated["spec"]["update"]!["parallelism"]}", $"{updated["spec"]["update"]!["monitor"]}"));
    }

    [Fact]
    public async Task A_service_exists_once()
    {
        await api.Ask("POST /services/web", Web);
        Assert.Equal("409 there is a service 'web' already; change it with PUT", (await api.Ask("POST /services/web", Web)).Words);
    }

    [Fact]
    public async Task The_singular_of_the_route_creates_and_changes_as_well()
    {
        Assert.Equal(201, (await api.Ask("POST /service/web", Web)).Status);
        var updated = await api.Ask("PUT /service/web", """{"instances":5}""");
        Assert.Equal((200, "5"), (updated.Status, $"{updated["spec"]["instances"]}"));
    }

    [Fact]
    public async Task A_service_that_no_worker_can_take_says_so()
    {
        var created = await api.Ask("POST /services/web", """{"image":"web:1"}""");
        Assert.Equal((201, "slot 1: no worker can take it: there are no workers"), (created.Status, $"{created["waiting"][0]}"));
    }

    [Theory]
    [InlineData("POST /services/web?dryRun=true", Web, "run web-1-r1-a1 on a; run web-2-r1-a1 on a")]
    [InlineData("PUT /services/old?dryRun=true", """{"instances":2}""", "run old-2-r1-a1 on a")]
    [InlineData("DELETE /services/old?dryRun=true", null, "stop old-1-r1-a1 on a; forget old-1-r1-a1 on a")]
    [InlineData("POST /services/old/restart?dryRun=true", null, "run old-1-r2-a1 on a; stop old-1-r1-a1 on a; forget old-1-r1-a1 on a")]
    public async Task A_dry_run_answers_the_steps_and_does_none(string request, string? body, string steps)
    {
        await api.Renew("a");
        await api.Ask("POST /services/old", """{"image":"web:1"}""");
        await api.CarryOut("old");
        var before = (await api.Ask("GET /services/old")).Json!.ToJsonString();
        var plan = await api.Ask(request, body);
        Assert.Equal((200, steps), (plan.Status, string.Join("; ", plan.Steps)));
        Assert.Equal(before, (await api.Ask("GET /services/old")).Json!.ToJsonString());
        Assert.Equal(404, (await api.Ask("GET /services/web")).Status);
    }

    [Fact]
    public async Task Why_it_was_asked_is_in_the_history_and_who_only_where_that_is_known()
    {
        await api.Ask("POST /services/web?why=the%20launch", Web, ("X-User", "ann"));
        await api.Ask("PUT /services/web", """{"instances":3}""");
        var history = await api.Ask("GET /services/web/history");
        Assert.Equal(
            ["created unknown created as revision 1: web:1, 2 instances (the launch)", "changed unknown changed instances 2 to 3"],
            history.Each("events", "kind", "who", "what"));
        Assert.Equal(["1 true unknown the launch"], history.Each("revisions", "number", "inForce", "who", "why"));
    }
}
