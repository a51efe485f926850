using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Actors;

/// <summary>
/// One turn at a time, in order of arrival. The plain application has no lock of its own, so what it sees is the sidecar's work.
/// </summary>
public sealed class TurnTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("turn");

    [Fact, Holds("3.1", "Turns of one actor never overlap, whichever sidecars they come through")]
    [Holds("10.8", "FIFO turn lock, reentrancy id, depth")]
    public async Task Turns_of_one_actor_never_overlap()
    {
        var (inside, most) = (0, 0);
        Script.For(_id, async (_, cancel) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
            Interlocked.Decrement(ref inside);
            return new Reply();
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Call(world.Replicas[i % 3], $"m{i}")));
        Assert.Equal((30, 1), (answers.Count(answer => answer.Status == 200), most));
    }

    [Fact, Holds("3.1", "Waiting turns run in order of arrival")]
    public async Task Turns_run_in_order_of_arrival()
    {
        var gate = new TaskCompletionSource();
        Script.For(_id, async (call, cancel) =>
        {
            if (call.Path.EndsWith("/first", StringComparison.Ordinal)) await gate.Task.WaitAsync(cancel);
            return new Reply();
        });
        var calls = new List<Task> { Call(world.B, "first") };
        await Script.Received(_id);
        for (var i = 0; i < 5; i++)
        {
            calls.Add(Call(world.B, $"m{i}"));
            await Pause();
        }

        gate.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal("first m0 m1 m2 m3 m4", string.Join(' ', Script.Calls(_id).Select(call => call.Path.Split('/')[^1])));
    }

    [Fact, Holds("3.1", "Different actors run in parallel")]
    public async Task Different_actors_run_in_parallel()
    {
        var other = Unique.Name("turn");
        var met = new TaskCompletionSource();
        Script.For(_id, async (_, cancel) =>
        {
            await met.Task.WaitAsync(cancel);
            return new Reply();
        });
        Script.For(other, _ =>
        {
            met.TrySetResult();
            return new Reply();
        });
        var first = Call(world.A1, "wait");
        await Script.Received(_id);
        await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{other}/method/release");
        Assert.Equal(200, (await first).Status);
    }

    [Fact, Holds("3.1", "A failing turn lets the next one in")]
    public async Task A_failing_turn_lets_the_next_one_in()
    {
        Script.For(_id, new Reply(500), new Reply(200));
        Assert.Equal(500, (await Call(world.A1, "one")).Status);
        Assert.Equal(200, (await Call(world.A1, "two")).Status);
    }

    private Task<Answer> Call(Replica replica, string method) => replica.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/{method}");

    /// <summary>
    /// Long enough for a request to join the queue before the next one sets out; there is nothing to look at from outside.
    /// </summary>
    private static Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
}
