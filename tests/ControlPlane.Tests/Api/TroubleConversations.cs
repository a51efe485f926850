using Dapr;
using Grpc.Core;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>An actor that gives no answer, and one that breaks.</summary>
public sealed class TroubleConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    public static TheoryData<string, string?, string> Requests => new()
    {
        { "GET /members", null, "MemberRegistry/shard-0" },
        { "POST /members/brake/overrule", null, "MemberRegistry/shard-0" },
        { "POST /workers/a/drain", null, "MemberRegistry/shard-0" },
        { "POST /workers/a/drain?dryRun=true", null, "MemberRegistry/shard-0" },
        { "POST /workers/a/undrain", null, "MemberRegistry/shard-0" },
        { "GET /services", null, "ServiceDirectory/shard-0" },
        { "GET /services/web", null, "ServiceMaster/web" },
        { "POST /services/web", """{"image":"web:1"}""", "ServiceMaster/web" },
        { "PUT /services/web", """{"instances":3}""", "ServiceMaster/web" },
        { "DELETE /services/web", null, "ServiceMaster/web" },
        { "POST /services/web/rollback", null, "ServiceMaster/web" },
        { "POST /services/web/restart", null, "ServiceMaster/web" },
        { "GET /services/web/explain", null, "ServiceMaster/web" },
        { "GET /services/web/history", null, "ServiceMaster/web" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task While_an_actor_gives_no_answer_the_caller_is_asked_to_come_again(string request, string? body, string actor)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        api.Actors.OnTheWay = name => name == actor ? Moving : null;
        var answer = await api.AskAndWait(request, body);
        Assert.Equal((503, "application/problem+json"), (answer.Status, answer.Type));
        var isChange = actor == "ServiceMaster/web" && !request.StartsWith("GET", StringComparison.Ordinal);
        var id = answer.Json!["requestId"]?.ToString();
        var ask = isChange ? $"; asking again with X-Request-Id: {id} tells, and does it once at most" : "";
        Assert.Equal($"503 {actor.Split('/')[0]} '{actor.Split('/')[1]}' does not answer at present: {Moving.Message}{ask}", answer.Words);
        Assert.Equal(isChange ? "unknown" : null, answer.Json!["outcome"]?.ToString());
        Assert.Equal(id, isChange ? answer.Headers.GetValues("X-Request-Id").Single() : null);
        Assert.Equal("2", answer.Headers.RetryAfter?.ToString());
        Assert.Null(answer.Json!["traceId"]);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_defect_in_an_actor_is_told_with_a_trace_id_and_nothing_of_the_inside(string request, string? body, string actor)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        api.Actors.Inside = name => name == actor ? new InvalidOperationException("a secret of the inside") : null;
        var answer = await api.Ask(request, body);
        Assert.Equal((500, "application/problem+json"), (answer.Status, answer.Type));
        Assert.NotEmpty($"{answer["traceId"]}");
        Assert.DoesNotContain("secret", answer.Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_was_named_is_carried_out_once_however_often_it_is_asked()
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        for (var time = 0; time < 2; time++)
        {
            var restarted = await api.Ask("POST /services/web/restart", null, ("X-Request-Id", "deploy-42"));
            Assert.Equal((200, "2"), (restarted.Status, $"{restarted["revision"]}"));
            Assert.Equal("deploy-42", restarted.Headers.GetValues("X-Request-Id").Single());
        }
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_name_of_a_request_that_is_none_is_refused(string id)
    {
        var answer = await api.Ask("DELETE /services/web", null, ("X-Request-Id", id));
        Assert.Equal(
            "400 X-Request-Id: is 1 to 64 letters, digits, dots, underscores, tildes and dashes", answer.Words);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_costs_no_service_and_tells_what_was_not_done()
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        api.Actors.Inside = name => name == "ServiceMaster/web" ? new StoreTroubleException("no answer in time") : null;
        var answer = await api.Ask("GET /services/web");
        Assert.Equal("503 ServiceMaster 'web' does not answer at present: the state store does not answer: no answer in time", answer.Words);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_told_with_what_can_be_done()
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        api.Actors.Inside = name => name == "ServiceMaster/web" ? new UnreadableRecordException("service-web", "it was cut off", "") : null;
        foreach (var request in new[] { "GET /services/web", "GET /services/web/history", "GET /services/web/explain" })
        {
            var answer = await api.Ask(request);
            Assert.Equal(
                "409 the record 'service-web' in the state store cannot be read: it was cut off; "
                + "POST creates the service anew, DELETE ends what runs of it", answer.Words);
        }
    }

    [Fact]
    public async Task An_actor_that_moves_meanwhile_is_only_slower()
    {
        var tries = 0;
        api.Actors.OnTheWay = name => name == "ServiceMaster/web" && ++tries < 4 ? Moving : null;
        Assert.Equal(201, (await api.AskAndWait("POST /services/web", """{"image":"web:1"}""")).Status);
        Assert.Equal(4, tries);
    }

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_not_refused_as_one_that_exists()
    {
        var lost = false;
        api.Actors.OnTheWayBack = name =>
        {
            if (lost || name != "ServiceMaster/web") return null;
            lost = true;
            return new HttpRequestException("the connection was reset");
        };
        Assert.Equal(201, (await api.AskAndWait("POST /services/web", """{"image":"web:1"}""")).Status);
        Assert.True(lost);
    }

    [Fact]
    public async Task While_the_registry_gives_no_answer_a_new_service_cannot_be_placed()
    {
        api.Actors.OnTheWay = name => name == "MemberRegistry/shard-0" ? Moving : null;
        // What it answered last is good for five seconds.
        api.Clock.Advance(TimeSpan.FromSeconds(6));
        var answer = await api.AskAndWait("POST /services/web", """{"image":"web:1"}""");
        Assert.Equal(503, answer.Status);
        Assert.StartsWith("503 ServiceMaster 'web' does not answer at present:", answer.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /services?limit=many")]
    [InlineData("GET /services/web/explain?from=top")]
    [InlineData("DELETE /services/web?dryRun=maybe")]
    public async Task A_query_that_cannot_be_read_is_the_callers_mistake(string request)
    {
        var answer = await api.Ask(request);
        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.Type));
    }

    [Fact]
    public async Task While_the_store_is_away_everything_that_is_known_can_be_read_and_says_that_it_is_stale()
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        await api.Ask("GET /services");
        api.Store.Before = _ => throw new DaprException("no store");
        Assert.Equal(503, (await api.Ask("PUT /services/web", """{"instances":3}""")).Status);
        foreach (var request in new[] { "GET /services", "GET /services/web", "GET /services/web/explain", "GET /services/web/history" })
        {
            var answer = await api.Ask(request);
            Assert.Equal((200, "true"), (answer.Status, $"{answer["stale"]}"));
            Assert.NotNull(answer["staleFor"]);
        }

        api.Store.Before = _ => Task.CompletedTask;
        api.Clock.Advance(TimeSpan.FromSeconds(2));
        foreach (var request in new[] { "GET /services", "GET /services/web", "GET /services/web/explain", "GET /services/web/history" })
            Assert.Equal("false", $"{(await api.Ask(request))["stale"]}");
    }

    [Theory]
    [InlineData("read, write")]
    [InlineData("write")]
    public async Task While_the_store_hangs_reads_are_answered_in_time_and_nothing_but_the_first_change_waits(string hanging)
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        await api.CarryOut();
        var hung = 0;
        api.Store.Before = what =>
        {
            if (!hanging.Contains(what, StringComparison.Ordinal)) return Task.CompletedTask;
            hung++;
            return new TaskCompletionSource().Task;
        };
        var first = await api.AskAndWait("PUT /services/web", """{"instances":3}""", step: 100);
        Assert.True($"{first.Json!["outcome"]}" == "unknown", first.Words);
        var second = await api.AskAndWait("PUT /services/web", """{"instances":3}""", step: 100);
        Assert.True($"{second.Json!["outcome"]}" == "not-done", second.Words);
        string[] reads =
            ["/services/web", "/services", "/services/web/explain", "/services/web/history", "/members", "/services/web", "/services"];
        hung = 0;
        var began = api.Clock.GetUtcNow();
        foreach (var read in reads)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(0.7));
            var answer = await api.AskAndWait($"GET {read}", step: 100);
            Assert.True(answer.Status == 200, $"{read}: {answer.Words}");
            if (read.Contains("web", StringComparison.Ordinal)) Assert.Equal("true", $"{answer["stale"]}");
        }

        // Once in 3 s one of them, or of the turns that nobody asked for, finds out that it goes on; the others wait for nothing.
        Assert.InRange(hung, 0, (api.Clock.GetUtcNow() - began).TotalSeconds);
        api.Store.Before = _ => Task.CompletedTask;
        var stale = "true";
        for (var seconds = 0; stale == "true" && seconds < 10; seconds++)
        {
            // What was on its way when the store went on is given up meanwhile, and shuts it for a second more.
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            stale = $"{(await api.AskAndWait("GET /services/web", step: 100))["stale"]}";
        }

        Assert.Equal("false", stale);
    }

    [Fact]
    public async Task A_store_that_is_full_has_done_nothing_for_certain()
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        var full = new RpcException(new Status(StatusCode.ResourceExhausted, "database or disk is full"));
        api.Store.Before = what => what == "write" ? throw new DaprException("failed", full) : Task.CompletedTask;
        var answer = await api.Ask("PUT /services/web", """{"image":"web:2"}""");
        Assert.Equal((503, "not-done"), (answer.Status, $"{answer["outcome"]}"));
        Assert.Contains("database or disk is full", answer.Words, StringComparison.Ordinal);
    }

    private static HttpRequestException Moving => new("did not find address for actor");
}
