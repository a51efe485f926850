using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Actors;
using Dapr.Actors.Client;

namespace Conformance.Actors;

/// <summary>An actor may be called back within its own chain of calls, if its type asks for that.</summary>
public sealed class ReentrancyTests(DaprWorld world)
{
    private const string Header = "Dapr-Reentrancy-Id";
    private readonly string _id = Unique.Name("loop");

    [Fact, Holds("3.1", "A → B → A over two app ids does not deadlock when the types are reentrant")]
    public async Task A_chain_may_come_back_over_two_app_ids()
    {
        var chain = world.A1.Actors.CreateActorProxy<IChain>(new ActorId(_id), ActorTypes.Chain);
        Assert.Equal("chain link chain link chain", await chain.Go(4));
    }

    [Fact, Holds("3.1", "A chain deeper than maxStackDepth is refused")]
    public async Task A_chain_that_is_too_deep_is_refused()
    {
        var chain = world.A1.Actors.CreateActorProxy<IChain>(new ActorId(_id), ActorTypes.Chain);
        await Assert.ThrowsAnyAsync<Dapr.DaprApiException>(() => chain.Go(20));
        var refusals = await Journal.Has(_id, "refused ");
        Assert.Contains(refusals, line =>
            line.Contains("stack depth", StringComparison.OrdinalIgnoreCase)
            || line.Contains("ERR_ACTOR_STACK_DEPTH", StringComparison.Ordinal));
    }

    [Fact, Holds("3.1", "A call without an id gets a new one from the sidecar; one of a strict type gets none")]
    public async Task The_sidecar_gives_every_new_chain_an_id()
    {
        var strict = Unique.Name("wire");
        await Call("a");
        await Call("b");
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{strict}/method/a");
        var ids = Script.Calls(_id).Select(call => call.Header(Header)).ToList();
        Assert.All(ids, id => Assert.False(string.IsNullOrEmpty(id)));
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Null(Assert.Single(Script.Calls(strict)).Header(Header));
    }

    [Fact, Holds("3.1", "A call with the id of the running chain enters at once; another one waits")]
    public async Task Only_the_running_chain_may_enter()
    {
        var gate = new TaskCompletionSource();
        Script.For(_id, async (call, cancel) =>
        {
            if (call.Path.EndsWith("/outer", StringComparison.Ordinal)) await gate.Task.WaitAsync(cancel);
            return new Reply();
        });
        var outer = Call("outer", "chain-1");
        await Script.Received(_id);
        var stranger = Call("stranger", "chain-2");
        Assert.Equal(200, (await Call("inner", "chain-1")).Status);
        Assert.Equal("outer inner", Order());
        gate.SetResult();
        await Task.WhenAll(outer, stranger);
        Assert.Equal("outer inner stranger", Order());
    }

    [Fact, Holds("3.1", "Depth counts the calls of a chain that are inside")]
    public async Task The_call_past_the_depth_is_refused()
    {
        var gate = new TaskCompletionSource();
        Script.For(_id, async (_, cancel) =>
        {
            await gate.Task.WaitAsync(cancel);
            return new Reply();
        });
        var inside = new List<Task<Answer>>();
        for (var i = 1; i <= 3; i++)
        {
            inside.Add(Call($"m{i}", "deep"));
            await Script.Received(_id, i);
        }

        var fourth = await Call("m4", "deep");
        Assert.Equal(500, fourth.Status);
        Assert.Contains(fourth.ErrorCode, new[] { "ERR_ACTOR_STACK_DEPTH", "ERR_ACTOR_INVOKE_METHOD" });
        gate.SetResult();
        Assert.All(await Task.WhenAll(inside), answer => Assert.Equal(200, answer.Status));
    }

    private string Order() => string.Join(' ', Script.Calls(_id).Select(call => call.Path.Split('/')[^1]));

    private Task<Answer> Call(string method, string? chain = null) => chain is null
        ? world.B.Send(HttpMethod.Put, $"/v1.0/actors/Loop/{_id}/method/{method}")
        : world.B.Send(HttpMethod.Put, $"/v1.0/actors/Loop/{_id}/method/{method}", null, (Header, chain));
}
