using System.Net;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Services;
using static Orchestrator.Client.Tests.PlayedMasters;

namespace Orchestrator.Client.Tests.Wire;

public sealed class SeveralMasters
{
    private const string Service = """{"name":"web","revision":1,"epoch":1,"spec":{"image":"w:1"},"observed":true,"state":"running"}""";
    private const string NoMembers = """{"members":[]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_cannot_be_reached_is_left_for_the_next_which_is_stayed_with()
    {
        var masters = new PlayedMasters().With("a", _ => throw Refused()).With("b", _ => Json(NoMembers));
        using var client = masters.Client();
        await client.Members.List(Cancel);
        await client.Members.List(Cancel);
        Assert.Equal(["GET a/members", "GET b/members", "GET b/members"], masters.Words);
        Assert.Equal("http://b/", $"{client.Server}");
    }

    [Fact]
    public async Task What_may_be_done_twice_is_asked_again_when_one_dies_over_it()
    {
        var masters = new PlayedMasters().With("a", _ => throw Died()).With("b", _ => new(HttpStatusCode.NoContent));
        using var client = masters.Client();
        await client.Workers.Drain("worker-a", Cancel);
        Assert.Equal(["POST a/workers/worker-a/drain", "POST b/workers/worker-a/drain"], masters.Words);
    }

    [Fact]
    public async Task Every_change_of_a_service_is_asked_again_by_the_same_id()
    {
        var masters = new PlayedMasters().With("a", _ => throw Died()).With("b", _ => Json(Service, HttpStatusCode.Created));
        using var client = masters.Client();
        var web = await client.Services.Create("web", new() { Container = new() { Image = "w:1" } }, cancel: Cancel);
        Assert.Equal("web", web.Service.Name);
        var ids = masters.Questions.Select(it => it["X-Request-Id"]).ToList();
        Assert.Equal(2, ids.Count);
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(ids.Distinct()));
    }

    [Fact]
    public async Task A_program_is_never_begun_twice()
    {
        var masters = new PlayedMasters().With("a", _ => throw Died()).With("b", _ => Json("{}"));
        using var client = masters.Client();
        var lost = await Assert.ThrowsAsync<NoMasterException>(
            () => client.Instances.Run("web-1-r1-a1", new ExecRequest(["ls"]), Cancel));
        Assert.True(lost.IsInDoubt);
        Assert.Equal(["POST a/instances/web-1-r1-a1/exec"], masters.Words);
    }

    [Fact]
    public async Task A_program_that_was_not_begun_is_begun_at_the_next()
    {
        var masters = new PlayedMasters().With("a", _ => throw Refused())
            .With("b", _ => Json("""{"exitCode":3,"output":"o","error":"","truncated":false}"""));
        using var client = masters.Client();
        Assert.Equal(3, (await client.Instances.Run("web-1-r1-a1", new ExecRequest(["ls"]), Cancel)).ExitCode);
    }

    [Fact]
    public async Task One_that_says_not_now_is_left_and_asked_again_once_all_have_said_so()
    {
        var left = 3;
        Func<Asked, HttpResponseMessage> answer = _ => left-- > 0
            ? Problem(HttpStatusCode.ServiceUnavailable, """{"detail":"moving","outcome":"not-done","requestId":"x"}""") : Json(Service);
        var masters = new PlayedMasters().With("a", answer).With("b", answer);
        using var client = masters.Client();
        await masters.Pass(client.Services.Scale("web", 2, cancel: Cancel));
        Assert.Equal(["a", "b", "a", "b"], masters.Questions.Select(it => it.Master));
    }

    [Fact]
    public async Task When_patience_is_over_the_last_problem_is_told()
    {
        var masters = new PlayedMasters().With("a", _ => Problem(
            HttpStatusCode.ServiceUnavailable, """{"title":"t","detail":"in doubt","outcome":"unknown","requestId":"x1"}"""));
        using var client = masters.Client();
        var changing = client.Services.Scale("web", 2, new() { RequestId = "x1" }, Cancel);
        Assert.InRange((await masters.Pass((Task)changing)).TotalSeconds, 20, 32);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => changing);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, ChangeOutcome.Unknown, "x1"),
            (problem.Status, problem.Outcome, problem.RequestId));
        Assert.All(masters.Questions, it => Assert.Equal("x1", it["X-Request-Id"]));
    }

    [Fact]
    public async Task When_none_can_be_reached_it_is_soon_said_why_of_each()
    {
        var masters = new PlayedMasters().With("a", _ => throw Refused()).With("b", _ => throw Refused());
        using var client = masters.Client();
        var asking = client.Members.List(Cancel);
        Assert.InRange((await masters.Pass((Task)asking)).TotalSeconds, 2, 6);
        var nobody = await Assert.ThrowsAsync<NoMasterException>(() => asking);
        Assert.False(nobody.IsReached || nobody.IsInDoubt);
        Assert.Equal("no master answers: http://a: Connection refused; http://b: Connection refused", nobody.Message);
    }

    [Fact]
    public async Task One_that_does_not_begin_to_answer_is_left()
    {
        var masters = new PlayedMasters().With("a", _ => null).With("b", _ => Json(NoMembers));
        using var client = masters.Client();
        var asking = client.Members.List(Cancel);
        Assert.InRange((await masters.Pass((Task)asking)).TotalSeconds, 19, 22);
        await asking;
    }

    [Fact]
    public async Task Who_waits_for_a_drain_gives_it_that_time_too()
    {
        var masters = new PlayedMasters().With("a", _ => null).With("b", _ => Json("""{"worker":"w","empty":true,"holds":[]}"""));
        using var client = masters.Client();
        var draining = client.Workers.DrainAndWait("w", 100, Cancel);
        Assert.InRange((await masters.Pass((Task)draining)).TotalSeconds, 119, 122);
        Assert.True((await draining).Empty);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        var masters = new PlayedMasters().With("a", _ => Problem(HttpStatusCode.Conflict, """{"detail":"there is one"}"""))
            .With("b", _ => Json(Service));
        using var client = masters.Client();
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => client.Services.Change("web", new RollBack(), cancel: Cancel));
        Assert.Equal("there is one", refusal.Message);
        Assert.Single(masters.Questions);
    }

    [Fact]
    public async Task What_was_deleted_by_a_master_that_died_over_it_is_deleted()
    {
        var masters = new PlayedMasters().With("a", _ => throw Died())
            .With("b", _ => Problem(HttpStatusCode.NotFound, """{"detail":"there is no secret 'x'"}"""));
        using var client = masters.Client();
        await client.Secrets.Delete("x", cancel: Cancel);
        Assert.Equal(2, masters.Questions.Count);
        await Assert.ThrowsAsync<ProblemException>(() => client.Secrets.Delete("x", cancel: Cancel));
    }

    [Fact]
    public async Task Who_stops_asking_is_not_kept()
    {
        var masters = new PlayedMasters().With("a", _ => null);
        using var client = masters.Client();
        using var stop = new CancellationTokenSource();
        var asking = client.Members.List(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("http://a:5000,b:5001", "http://a:5000/ http://b:5001/")]
    [InlineData(" https://x/base , localhost ", "https://x/base http://localhost/")]
    public void Addresses_are_read_as_people_write_them(string text, string servers) =>
        Assert.Equal(servers, string.Join(' ', OrchestratorClientOptions.ServersIn(text)));

    [Theory]
    [InlineData("")]
    [InlineData("ftp://a")]
    [InlineData("http://a?x=1")]
    [InlineData("a b")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.Throws<FormatException>(() => OrchestratorClientOptions.ServersIn(text));

    [Fact]
    public async Task A_master_may_be_below_a_path_and_every_question_shows_the_token()
    {
        var masters = new PlayedMasters().With("a", _ => Json(Service));
        using var client = new OrchestratorClient(
            new OrchestratorClientOptions { Servers = [new("http://a/base")], Handler = masters, Token = "the-token" });
        await client.Services.Get("web", Cancel);
        Assert.Equal(("/base/services/web", "Bearer the-token"), (masters.Questions.Single().Target, masters.Questions.Single()["Authorization"]));
    }

    [Theory]
    [InlineData("a/b", "/services/a%2Fb")]
    [InlineData("a?b", "/services/a%3Fb")]
    public async Task A_name_leads_nowhere_else(string name, string target)
    {
        var masters = new PlayedMasters().With("a", _ => Json(Service));
        using var client = masters.Client();
        await client.Services.Get(name, Cancel);
        Assert.Equal(target, masters.Questions.Single().Target);
        await Assert.ThrowsAsync<ArgumentException>(() => client.Services.Get("..", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Services.Get("", Cancel));
    }
}
