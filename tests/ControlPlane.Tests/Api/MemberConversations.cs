using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Api;

public sealed class MemberConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Masters_and_workers_are_listed()
    {
        await api.Renew("worker-a", instances: 1, zone: "north", services: "web");
        var members = await Members(answer => answer["members"].AsArray().Count == 2);
        Assert.Equal(
            ["master-a master http://master-a:5000 ready", "worker-a worker 10.0.0.1 ready"],
            members.Each("members", "name", "role", "address", "status"));
        var worker = members["members"][1]!;
        Assert.Equal(("8", "1"), ($"{worker["capacity"]!["cpu"]}", $"{worker["load"]!["instances"]}"));
        Assert.Equal(("""{"zone":"north"}""", """["web"]"""), (worker["labels"]!.ToJsonString(), worker["services"]!.ToJsonString()));
        Assert.Null(members.Json!["brake"]);
    }

    [Fact]
    public async Task An_order_without_an_answer_is_a_note_of_its_worker_for_a_while()
    {
        await api.Renew("a");
        api.Workers.Answer = _ => throw Fakes.Silence.Of("a");
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        await Members(answer => answer.Each("members", "name", "note")
            .Any(it => it.StartsWith("a it did not answer an order ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_brake_is_shown_and_can_be_overruled()
    {
        foreach (var name in new[] { "a", "b", "c" }) await api.Renew(name);
        for (var second = 0; second < 6; second++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            await api.Renew("c");
        }

        var braked = await Members(answer => answer.Json!["brake"] is not null);
        Assert.StartsWith("2 of 3 workers are silent", $"{braked["brake"]}", StringComparison.Ordinal);

        Assert.Equal(204, (await api.Ask("POST /members/brake/overrule")).Status);
        var members = await api.Ask("GET /members");
        Assert.Equal(["worker a lost", "worker b lost", "worker c ready"], members.Each("members", "role", "name", "status").TakeLast(3));
        Assert.Null(members.Json!["brake"]);
    }

    [Fact]
    public async Task Workers_that_are_known_to_be_gone_are_lost_although_the_brake_is_on()
    {
        await Silence("a", "b");
        var plan = await api.Ask("POST /members/confirm-loss?dryRun=true", """{"workers":["a"]}""");
        Assert.Equal(["lost a silent for 6s; 1 services look again"], plan.Each("steps", "kind", "worker", "reason"));
        Assert.Equal(["a suspect", "b suspect", "c ready"], await Workers());

        Assert.Equal((204, null), await Status(api.Ask("POST /members/confirm-loss", """{"workers":["a","a"]}""")));
        Assert.Equal(["a lost", "b suspect", "c ready"], await Workers());

        var again = await api.Ask("POST /members/confirm-loss?dryRun=true", """{"workers":["a","b"]}""");
        Assert.Equal(["lost b"], again.Each("steps", "kind", "worker"));
        Assert.Equal(["a is lost already"], again["waiting"].AsArray().Select(it => $"{it}"));
        await api.Renew("a");
        Assert.Equal(["a ready", "b suspect", "c ready"], await Workers());
    }

    [Theory]
    [InlineData("""{"workers":["a","c"]}""", "workers: 'c' is there: it was heard 0s ago")]
    [InlineData("""{"workers":["a","nobody"]}""", "workers: 'nobody' is not a known worker")]
    [InlineData("""{"workers":["nobody","c"]}""", "workers: 'nobody' is not a known worker; workers: 'c' is there: it was heard 0s ago")]
    [InlineData("""{"workers":["master-a"]}""", "workers: 'master-a' is not a known worker")]
    [InlineData("""{"workers":[]}""", "workers: is required: the names of workers that are gone")]
    [InlineData("{}", "workers: is required: the names of workers that are gone")]
    [InlineData("""{"workers":null}""", "workers: is null")]
    [InlineData("""{"workers":"a"}""", "workers: is not a list")]
    [InlineData("""{"workers":["a",null]}""", "workers[1]: is null")]
    [InlineData("""{"workers":["a",5]}""", "workers[1]: is not text")]
    [InlineData("""{"worker":["a"]}""", "worker: is not a known field; known are workers")]
    public async Task Who_is_there_or_not_known_cannot_be_declared_lost_and_nothing_is_done(string body, string problems)
    {
        await Silence("a", "b");
        foreach (var request in new[] { "POST /members/confirm-loss", "POST /members/confirm-loss?dryRun=true" })
        {
            var answer = await api.Ask(request, body);
            Assert.Equal((400, problems), (answer.Status, string.Join("; ", answer.Errors)));
        }

        await api.Renew("c");
        Assert.Equal(["a suspect", "b suspect", "c ready"], await Workers());
    }

    /// <summary>Of a, b and c these are not heard for longer than their lease, so that the brake is on.</summary>
    private async Task Silence(params string[] silent)
    {
        foreach (var name in new[] { "a", "b", "c" }) await api.Renew(name, services: "web");
        for (var second = 0; second < 6; second++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            foreach (var name in new[] { "a", "b", "c" }.Except(silent)) await api.Renew(name, services: "web");
        }
    }

    private async Task<IEnumerable<string>> Workers() => (await api.Ask("GET /members")).Each("members", "role", "name", "status")
        .Where(it => it.StartsWith("worker ", StringComparison.Ordinal)).Select(it => it["worker ".Length..]);

    private static async Task<(int, object?)> Status(Task<Answer> asking) => ((await asking).Status, (await asking).Json);

    private Task<Answer> Members(Func<Answer, bool> condition) => Eventually.Become(
        () => api.Ask("GET /members"), condition, TimeSpan.FromSeconds(20), "the members are so", TestContext.Current.CancellationToken);
}
