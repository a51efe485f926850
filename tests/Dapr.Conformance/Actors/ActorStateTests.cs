using Conformance.Promises;
using Conformance.World;

namespace Conformance.Actors;

/// <summary>The state API of actors on the wire.</summary>
public sealed class ActorStateTests(DaprWorld world) : IAsyncLifetime
{
    private readonly string _id = Unique.Name("state");

    public async ValueTask InitializeAsync() => await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/wake");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact, Holds("1.2", "A missing key is 204 without a body")]
    [Holds("10.5", "204 for missing state")]
    public async Task A_missing_key_is_204() => Assert.Equal("204 ", await Get("nothing"));

    [Fact, Holds("1.3", "A transaction upserts and deletes; values come back as raw JSON")]
    public async Task A_transaction_upserts_and_deletes()
    {
        Assert.Equal(204, await Save("""[{"operation":"upsert","request":{"key":"old","value":"x"}}]"""));
        Assert.Equal(204, await Save("""
            [{"operation":"upsert","request":{"key":"count","value":5}},
             {"operation":"upsert","request":{"key":"thing","value":{"a":[1,2],"b":"ü"}}},
             {"operation":"delete","request":{"key":"old"}}]
            """));
        Assert.Equal(["200 5", "204 "], [await Get("count"), await Get("old")]);
        var thing = await world.B.Send(HttpMethod.Get, $"/v1.0/actors/Wire/{_id}/state/thing");
        Assert.Equal("ü", thing.Json.GetProperty("b").GetString());
    }

    [Fact, Holds("3.6", "A transaction with an operation that is not known changes nothing")]
    public async Task A_transaction_with_a_bad_operation_changes_nothing()
    {
        Assert.InRange(await Save("""
            [{"operation":"upsert","request":{"key":"first","value":1}},{"operation":"explode","request":{"key":"second"}}]
            """), 400, 599);
        Assert.Equal("204 ", await Get("first"));
    }

    [Fact, Holds("1.3", "The content type of a state request is not looked at")]
    [Holds("10.3", "Request content types are ignored")]
    public async Task The_content_type_does_not_matter()
    {
        using var request = Replica.Request(
            HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/state", """[{"operation":"upsert","request":{"key":"k","value":true}}]""",
            "text/plain; charset=utf-8");
        using var response = await world.B.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("204", ((int)response.StatusCode).ToString());
        Assert.Equal("200 true", await Get("k"));
    }

    [Fact, Holds("3.6", "A sidecar that does not run the actor refuses its state")]
    public async Task A_sidecar_that_does_not_run_the_actor_refuses_its_state()
    {
        var never = Unique.Name("state");
        var answer = await world.B.Send(
            HttpMethod.Put, $"/v1.0/actors/Wire/{never}/state", """[{"operation":"upsert","request":{"key":"k","value":1}}]""");
        Assert.Equal("400 ERR_ACTOR_INSTANCE_MISSING", answer.Refusal);
    }

    [Fact, Holds("1.5", "A state body that is no transaction is refused")]
    public async Task A_body_that_is_no_transaction_is_refused() => Assert.Equal(400, await Save("{"));

    [Fact, Holds("3.6", "Two actors of equal id and different type do not share state")]
    public async Task Types_do_not_share_state()
    {
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{_id}/method/wake");
        Assert.Equal(204, await Save("""[{"operation":"upsert","request":{"key":"k","value":"wire"}}]"""));
        Assert.Equal(204, (await world.B.Send(HttpMethod.Get, $"/v1.0/actors/Brief/{_id}/state/k")).Status);
    }

    private async Task<int> Save(string transaction) =>
        (await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/state", transaction)).Status;

    private async Task<string> Get(string key) => (await world.B.Send(HttpMethod.Get, $"/v1.0/actors/Wire/{_id}/state/{key}")).ToString();
}
