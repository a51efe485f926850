namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>A query is taken exactly: what a route does not offer, or what cannot be read, is refused before anything is done.</summary>
public sealed class QueryConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("DELETE /services/web?dry_run=true", "dry_run: is not a known parameter; known are dryRun, why")]
    [InlineData("DELETE /services/web?DryRun=true", "DryRun: is not a known parameter; known are dryRun, why")]
    [InlineData("DELETE /services/web?dryRun=true&dryRun=false", "dryRun: is there twice")]
    [InlineData("DELETE /services/web?dryRun=maybe", "dryRun: is not true or false")]
    [InlineData("DELETE /services/web?dryRun=", "dryRun: is not true or false")]
    [InlineData("DELETE /services/web?dryRun", "dryRun: is not true or false")]
    [InlineData("DELETE /services/web?wait=true", "wait: is not a known parameter; known are dryRun, why")]
    [InlineData("DELETE /services/web?name=api", "name: is not a known parameter; known are dryRun, why")]
    [InlineData("DELETE /services/web?why=%00", "why: holds a NUL character")]
    [InlineData("POST /services/web/restart?now=1", "now: is not a known parameter; known are dryRun, pull, why")]
    [InlineData("POST /services/web/rollback?revision=1", "revision: is not a known parameter; known are dryRun, why")]
    [InlineData("GET /services?limit=many", "limit: is not a whole number")]
    [InlineData("GET /services?limit=99999999999", "limit: is not a whole number")]
    [InlineData("GET /services?page=2", "page: is not a known parameter; known are after, label, limit, state, worker")]
    [InlineData("GET /services/web?dryRun=true", "dryRun: is not a known parameter; none is offered here")]
    [InlineData("GET /services/web/explain?from=top", "from: is not a whole number")]
    [InlineData("POST /workers/a/drain?dryrun=true", "dryrun: is not a known parameter; known are dryRun, timeoutSeconds, wait")]
    [InlineData("POST /workers/a/drain?wait=yes", "wait: is not true or false")]
    [InlineData("POST /members/brake/overrule?dry_run=true", "dry_run: is not a known parameter; known are dryRun")]
    public async Task What_a_route_does_not_offer_is_refused_and_nothing_is_done(string request, string problem)
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        var before = (await api.Ask("GET /services/web")).Json!.ToJsonString();

        var answer = await api.Ask(request);
        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.Type));
        Assert.Equal([problem], answer.Errors);

        Assert.Equal(before, (await api.Ask("GET /services/web")).Json!.ToJsonString());
        Assert.False((await api.Renew("a")).Draining);
    }

    [Fact]
    public async Task A_worker_stays_drained_when_only_a_dry_run_of_the_opposite_was_asked_for()
    {
        await api.Renew("a");
        await api.Ask("POST /workers/a/drain");
        Assert.Equal(["undrain a"], (await api.Ask("POST /workers/a/undrain?dryRun=true")).Each("steps", "kind", "worker"));
        Assert.True((await api.Renew("a")).Draining);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once() => Assert.Equal(
        ["after: is there twice", "limit: is not a whole number"],
        (await api.Ask("GET /services?after=a&after=b&limit=x")).Errors.Order(StringComparer.Ordinal));
}
