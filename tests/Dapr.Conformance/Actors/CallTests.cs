using System.Text.Json;
using Conformance.Apps;
using Conformance.Promises;
using Conformance.State;
using Conformance.World;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;

namespace Conformance.Actors;

/// <summary>Actor calls as the SDK makes them.</summary>
public sealed class CallTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("counter");

    [Fact, Holds("1.4", "A strongly typed call reaches the actor and its result comes back")]
    public async Task A_strong_call_comes_back_with_its_result()
    {
        Assert.Equal(2, await Counter(world.A1).Add(new Amount(2, "x")));
        Assert.Equal(5, await Counter(world.A1).Add(new Amount(3, "y")));
    }

    [Fact, Holds("3.3", "Every sidecar finds the one host of an actor, whichever sidecar is asked")]
    public async Task All_sidecars_reach_the_same_actor()
    {
        var hosts = new List<string>();
        foreach (var replica in world.Replicas) hosts.Add(await Counter(replica).Where());
        Assert.Single(hosts.Distinct());
    }

    [Fact, Holds("3.3", "Actors spread over the replicas of an app id")]
    public async Task Actors_spread_over_both_replicas()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            world.B.Actors.CreateActorProxy<ICounter>(new ActorId(Unique.Name("spread")), ActorTypes.Counter).Where()));
        Assert.Equal(["a1", "a2"], hosts.Distinct().Order());
    }

    [Fact, Holds("1.5", "An exception in a strongly called actor arrives with its type and message")]
    [Holds("10.6", "X-DaprErrorResponseHeader and status 200 are forwarded")]
    public async Task An_application_error_arrives_with_its_type_and_message()
    {
        var error = await Assert.ThrowsAsync<ActorMethodInvocationException>(() => Counter(world.B).Fail("no such apple"));
        var inner = Assert.IsType<ActorInvokeException>(error.InnerException);
        Assert.Equal("System.InvalidOperationException: no such apple", $"{inner.ActualExceptionType}: {inner.Message}");
    }

    [Fact, Holds("1.2", "A weakly typed call carries one JSON value each way")]
    public async Task A_weak_call_carries_json_both_ways()
    {
        var proxy = world.A2.Actors.Create(new ActorId(_id), ActorTypes.Counter);
        Assert.Equal(7, await proxy.InvokeMethodAsync<Amount, int>("Add", new Amount(7, "weak"), TestContext.Current.CancellationToken));
        Assert.Equal(7, await proxy.InvokeMethodAsync<int>("Count", TestContext.Current.CancellationToken));
        await proxy.InvokeMethodAsync("Hello", TestContext.Current.CancellationToken);
    }

    [Fact, Holds("1.5", "An application error of a weak call is ERR_ACTOR_INVOKE_METHOD")]
    public async Task A_weak_call_that_fails_is_an_invoke_error()
    {
        var proxy = world.A1.Actors.Create(new ActorId(_id), ActorTypes.Counter);
        var error = await Assert.ThrowsAnyAsync<DaprApiException>(
            () => proxy.InvokeMethodAsync<string, string>("Fail", "hidden", TestContext.Current.CancellationToken));
        Assert.Equal("ERR_ACTOR_INVOKE_METHOD", error.ErrorCode);
        Assert.Contains("error from actor service: (500)", error.Message, StringComparison.Ordinal);
    }

    [Fact, Holds("1.4", "A caller that goes away cancels the running turn")]
    public async Task A_caller_that_goes_away_cancels_the_turn()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var call = Counter(world.A1).Wait(caller.Token);
        await Journal.Has(_id, "waiting");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Journal.Has(_id, "cancelled");
    }

    [Fact, Holds("1.3", "State is saved after a turn that succeeds, and not after one that throws")]
    public async Task A_turn_that_throws_changes_nothing()
    {
        await Counter(world.A1).Add(new Amount(1, "kept"));
        await Assert.ThrowsAsync<ActorMethodInvocationException>(() => Counter(world.A1).AddThenFail(new Amount(10, "lost")));
        Assert.Equal(1, await Counter(world.A1).Count());
    }

    [Fact, Holds("1.3", "Actor state with a time to live ends (the ActorStateTTL feature is enabled)")]
    public async Task Actor_state_with_a_time_to_live_ends()
    {
        await Counter(world.A1).Keep(new Kept("short", "v", 1));
        var path = $"/v1.0/actors/Counter/{_id}/state/short";
        var stored = await world.A1.Send(HttpMethod.Get, path);
        Assert.Equal("200 \"v\"", stored.ToString());
        if (stored.Headers.TryGetValue("metadata.ttlExpireTime", out var end)) Assert.True(DateTimeOffset.TryParse(end, out _), end);
        else Assert.True(await Component.Is(world.A1, "statestore", "state.redis"), "only Redis does not tell when a value ends");
        await Eventually.Become(
            async () => (await world.A1.Send(HttpMethod.Get, path)).ToString(), answer => answer == "204 ",
            TimeSpan.FromSeconds(5), "the value is gone", TestContext.Current.CancellationToken);
    }

    [Fact, Holds("1.2", "An unknown actor type fails after the lookups with ERR_ACTOR_INVOKE_METHOD")]
    [Holds("10.14", "Lookups are retried for some seconds, then fail with 500 ERR_ACTOR_INVOKE_METHOD")]
    public async Task An_unknown_actor_type_is_an_invoke_error_after_some_seconds()
    {
        var started = TimeProvider.System.GetTimestamp();
        var answer = await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/NoSuchType/{_id}/method/Hello");
        Assert.Equal("500 ERR_ACTOR_INVOKE_METHOD", answer.Refusal);
        Assert.Contains("did not find address for actor", answer.Body, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 2, 15);
    }

    [Fact, Holds("1.1", "Two slashes at the start of an actor path are one")]
    [Holds("10.1", "Double slashes collapse")]
    public async Task A_path_with_two_slashes_is_the_same_path()
    {
        var answer = await world.A1.Send(HttpMethod.Put, $"//v1.0/actors/Counter/{_id}/method/Count");
        Assert.Equal("200 0", answer.ToString());
    }

    [Theory, InlineData("GET"), InlineData("POST"), InlineData("PUT"), InlineData("DELETE")]
    [Holds("1.2", "Methods are called with any of GET, POST, PUT, DELETE")]
    public async Task Every_verb_calls_a_method(string verb)
    {
        var answer = await world.A1.Send(new HttpMethod(verb), $"/v1.0/actors/Counter/{_id}/method/Count");
        Assert.Equal("200 0", answer.ToString());
    }

    [Fact, Holds("4.1", "Actors are called through gRPC, too")]
    public async Task An_actor_is_called_through_grpc()
    {
        var answer = await world.A1.Grpc.InvokeActorAsync(
            new() { ActorType = ActorTypes.Counter, ActorId = _id, Method = "Add",
                Data = Google.Protobuf.ByteString.CopyFromUtf8("""{"by":4,"label":"g"}""") },
            Wire.Metadata, Wire.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal("4", answer.Data.ToStringUtf8());
    }

    private ICounter Counter(Replica replica) => replica.Actors.CreateActorProxy<ICounter>(new ActorId(_id), ActorTypes.Counter);
}
