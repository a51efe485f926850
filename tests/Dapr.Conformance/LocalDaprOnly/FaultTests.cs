using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr;
using Dapr.Actors;
using LocalDapr;
using LocalDapr.Faults;

namespace Conformance.LocalDaprOnly;

/// <summary>Every fault hook does what it says, and nothing once it is over.</summary>
public sealed class FaultTests
{
    private readonly string _id = Unique.Name("fault");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("10.21", "Fault hooks: pause a replica")]
    [Holds("3.7", "Two hosts can run one actor at once: the paused replica goes on believing that it owns it")]
    public async Task A_paused_replica_goes_on_owning_its_actors()
    {
        await using var own = await OwnHost.Start(new() { EnableFaults = true });
        var (a1, sidecar1) = await own.AddSdkApp("a1");
        var (a2, _) = await own.AddSdkApp("a2");
        var id = await IdOn("a1", a1);
        using (own.Host.Faults.Pause(sidecar1))
        {
            Assert.Equal("a2", await Counter(a2, id).Where());
            Assert.Equal("a1", await Counter(a1, id).Where());
        }

        await Eventually.Become(
            async () => $"{await Counter(a1, id).Where()} {await Counter(a2, id).Where()}", both => both is "a1 a1" or "a2 a2",
            TimeSpan.FromSeconds(10), "both sidecars agree again", Cancel);
    }

    [Fact, Holds("10.21", "Fault hooks: two owners for a while")]
    public async Task Two_replicas_own_one_actor_for_a_while()
    {
        await using var own = await OwnHost.Start(new() { EnableFaults = true });
        var (a1, sidecar1) = await own.AddSdkApp("a1");
        var (a2, _) = await own.AddSdkApp("a2");
        var id = await IdOn("a2", a1);
        using (own.Host.Faults.AlsoOwns(sidecar1, ActorTypes.Counter, id))
            Assert.Equal("a1 a2", $"{await Counter(a1, id).Where()} {await Counter(a2, id).Where()}");
        await Eventually.Become(() => Counter(a1, id).Where(), host => host == "a2", TimeSpan.FromSeconds(10), "one owner again", Cancel);
    }

    [Fact, Holds("10.21", "Fault hooks: delay, drop and duplicate a call")]
    public async Task Calls_are_delayed_dropped_and_duplicated()
    {
        await using var own = await OwnHost.Start(new() { EnableFaults = true });
        var (b, _) = await own.AddWireApp("b");
        var match = new CallMatch { ActorType = ActorTypes.Wire, ActorId = _id };
        Task<Answer> Call() => b.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/x");

        using (own.Host.Faults.DelayCalls(match, TimeSpan.FromMilliseconds(300), times: 1))
        {
            var started = TimeProvider.System.GetTimestamp();
            await Call();
            Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 290, 5000);
        }

        using (own.Host.Faults.DropCalls(match, DropWhen.BeforeTheApp, times: 1)) Assert.Equal(500, (await Call()).Status);
        Assert.Single(Script.Calls(_id));
        using (own.Host.Faults.DropCalls(match, DropWhen.AfterTheApp, times: 1)) Assert.Equal(500, (await Call()).Status);
        Assert.Equal(2, Script.Calls(_id).Count);
        using (own.Host.Faults.DuplicateCalls(match, times: 1)) Assert.Equal(200, (await Call()).Status);
        Assert.Equal(4, Script.Calls(_id).Count);
        Assert.Equal(200, (await Call()).Status);
        Assert.Equal(5, Script.Calls(_id).Count);
    }

    [Fact, Holds("10.21",
        "Fault hooks: a call whose application dies hangs until its caller gives up, as with Dapr; later ones are answered")]
    public async Task A_call_whose_application_dies_hangs_until_its_caller_gives_up()
    {
        await using var own = await OwnHost.Start(new() { EnableFaults = true });
        var (a1, _) = await own.AddSdkApp("a1");
        var (a2, _) = await own.AddSdkApp("a2");
        var id = await IdOn("a2", a1);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var hangs = own.Host.Faults.HangWhenAppDies(new() { ActorId = id, Method = "Wait" });
        var patient = a1.ActorsWithin(TimeSpan.FromMinutes(1));
        var call = patient.CreateActorProxy<ICounter>(new ActorId(id), ActorTypes.Counter).Wait(caller.Token);
        await Journal.Has(id, "waiting");

        await a2.StopApp();
        await Eventually.Become(() => Counter(a1, id).Where(), host => host == "a1", TimeSpan.FromSeconds(10), "it answers on a1", Cancel);

        Assert.False(call.IsCompleted);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(Journal.Of(id), "waiting");
    }

    [Fact, Holds("10.21", "Fault hooks: fail a state write")]
    public async Task A_state_save_fails_once()
    {
        await using var own = await OwnHost.Start(new() { EnableFaults = true });
        var (a1, _) = await own.AddSdkApp("a1");
        using (own.Host.Faults.FailStateSaves(keyContains: _id, times: 2))
        {
            await Assert.ThrowsAnyAsync<DaprException>(() => a1.Dapr.SaveStateAsync("statestore", _id, 1, cancellationToken: Cancel));
            await Assert.ThrowsAnyAsync<DaprApiException>(() => Counter(a1, _id).Add(new Amount(1, "lost")));
        }

        await a1.Dapr.SaveStateAsync("statestore", _id, 2, cancellationToken: Cancel);
        Assert.Equal(1, await Counter(a1, _id).Add(new Amount(1, "first")));
    }

    [Fact, Holds("10.21", "Fault hooks: lose a message")]
    public async Task A_message_is_lost_once()
    {
        await using var own = await OwnHost.Start(new() { EnableFaults = true });
        var (b, _) = await own.AddWireApp("b");
        var (lost, kept) = (Unique.Name("lost"), Unique.Name("kept"));
        using (own.Host.Faults.LoseMessages(topic: "events", times: 1)) await b.Dapr.PublishEventAsync("pubsub", "events", lost, Cancel);
        await b.Dapr.PublishEventAsync("pubsub", "events", kept, Cancel);
        await Script.Received(kept);
        Assert.Empty(Script.Calls(lost));
    }

    [Fact, Holds("10.21", "Fault hooks are off unless asked for at start")]
    public async Task Faults_are_off_unless_asked_for()
    {
        await using var own = await OwnHost.Start();
        Assert.ThrowsAny<InvalidOperationException>(() => own.Host.Faults.LoseMessages());
    }

    private static ICounter Counter(Replica replica, string id) =>
        replica.Actors.CreateActorProxy<ICounter>(new ActorId(id), ActorTypes.Counter);

    private static async Task<string> IdOn(string host, Replica through)
    {
        for (var i = 0; i < 100; i++)
        {
            var id = Unique.Name("home");
            if (await Counter(through, id).Where() == host) return id;
        }

        throw new InvalidOperationException($"none of 100 actors lives on {host}");
    }
}
