using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr;
using Dapr.Actors;

namespace Conformance.Failover;

/// <summary>A replica's application dies and comes back; the other one takes over meanwhile.</summary>
[Collection(OneAtATime.Name)]
public sealed class TakeoverTests(DaprWorld world) : IAsyncLifetime
{
    /// <summary>What a caller has to bear: by the sidecars' health checks, or at once.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in world.Replicas) await replica.StartIfStopped(CancellationToken.None);
        foreach (var replica in world.Replicas) await DaprWorld.Ready(replica, CancellationToken.None);
        await Eventually.Become(HostsOfMany, hosts => hosts == "a1 a2", Budget, "both replicas host actors again");
    }

    [Fact, Holds("3.4", "The actors of a stopped replica answer on the other one, with their state")]
    public async Task Actors_of_a_stopped_replica_answer_elsewhere()
    {
        var id = await IdOn("a2");
        await Counter(id).Add(new Amount(41, "before"));
        await world.A2.StopApp();
        await Eventually.Become(() => Counter(id).Where(), host => host == "a1", Budget, "the actor answers on a1", Cancel);
        Assert.Equal(42, await Counter(id).Add(new Amount(1, "after")));
    }

    [Fact, Holds("3.5", "The reminder of an actor whose replica stopped rings on the other one")]
    public async Task Reminders_of_a_stopped_replica_ring_elsewhere()
    {
        var id = await AlarmOn("a2");
        await Alarm(id).Remind(new Ring("moved", Due: 1000, Period: 1000, Times: 30));
        await world.A2.StopApp();
        await Eventually.Become(
            () => string.Join('|', Journal.Of(id)), rings =>
                rings.Contains(" on a1", StringComparison.Ordinal), Budget, "the reminder rings on a1", Cancel);
        await Alarm(id).Forget("moved");
    }

    [Fact, Holds("3.5", "A reminder that no sidecar can deliver is parked and rings when a host is back")]
    [Holds("10.11", "Progress is committed after the 200; 1 s × 3 retries; parked without hosts")]
    public async Task A_reminder_without_a_host_is_parked()
    {
        var id = Unique.Name("parked");
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{id}/reminders/later", """{"dueTime":"6s"}""");
        await world.B.StopApp();
        await Gone(id);
        await Task.Delay(TimeSpan.FromSeconds(7), TimeProvider.System, Cancel);
        Assert.Empty(Script.Calls(id, "/remind/"));
        await world.B.Start(Cancel);
        await Script.Received(id, 1, "/method/remind/later", withinSeconds: 20);
    }

    [Fact, Holds("2.6", "Messages of an app id go to the replica that lives")]
    [Holds("10.19", "App health drives actor registration and subscriptions")]
    public async Task Messages_go_to_the_living_replica()
    {
        await world.A2.StopApp();
        await Gone("a2");
        var notes = Enumerable.Range(0, 10).Select(_ => Unique.Name("note")).ToList();
        foreach (var id in notes) await world.B.Dapr.PublishEventAsync("pubsub", "typed", new Note(id, "x"), Cancel);
        foreach (var id in notes) await Journal.Has(id, "typed x on a1");
    }

    [Fact, Holds("3.3", "When a replica joins, actors move to it without a failed call, and the old host deactivates them")]
    [Holds("10.13", "Drain on rebalance")]
    public async Task Actors_move_to_a_replica_that_joins()
    {
        await world.A2.StopApp();
        await Gone("a2");
        var ids = Enumerable.Range(0, 20).Select(_ => Unique.Name("mover")).ToList();
        foreach (var id in ids)
            await Eventually.Become<int>(async () => await Counter(id).Add(new Amount(1, "x")), _ => true, Budget, "a1 hosts it", Cancel);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var callers = ids.Select(id => KeepCalling(id, done.Token)).ToList();
        await world.A2.Start(Cancel);
        await Eventually.Become(
            () => ids.Count(id => Journal.Of(id).Contains("activated on a2")), moved =>
                moved > 2, Budget, "some actors are activated on a2", Cancel);
        await done.CancelAsync();
        Assert.Equal(["no failure"], (await Task.WhenAll(callers)).Distinct());
    }

    [Fact, Holds("3.3", "A turn that outlasts the drain is cancelled and runs again on the new owner")]
    [Holds("10.13", "Drain on rebalance with cancellation and retry")]
    public async Task A_turn_that_outlasts_the_drain_runs_again_on_the_new_owner()
    {
        await world.A2.StopApp();
        await Gone("a2");
        var ids = Enumerable.Range(0, 12).Select(_ => Unique.Name("mover")).ToList();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var patient = world.A1.ActorsWithin(Budget);
        var calls = ids.Select(id => patient.CreateActorProxy<ICounter>(new ActorId(id), ActorTypes.Counter).Wait(done.Token)).ToList();
        foreach (var id in ids) await Journal.Has(id, "waiting");
        await world.A2.Start(Cancel);
        await Eventually.Become(
            () => string.Join(" | ", ids.Select(id => string.Join(", ", Journal.Of(id)))),
            _ => ids.Any(id => string.Join(", ", Journal.Of(id)) == "activated on a1, waiting, cancelled, activated on a2, waiting"),
            Budget, "a turn was cancelled on a1 and runs again on a2", Cancel);
        await done.CancelAsync();
        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact, Holds("2.3", "An application whose health path fails loses its actors and messages until it is well again")]
    [Holds("10.19", "App health drives actor registration and subscriptions")]
    public async Task A_sick_application_gets_nothing_until_it_is_well()
    {
        var id = Unique.Name("sick");
        WireApp.IsSick = true;
        try
        {
            await Gone(id);
        }
        finally
        {
            WireApp.IsSick = false;
        }

        await Eventually.Become(
            async () => (await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{id}/method/x")).Status, status =>
                status == 200, Budget, "Wire is hosted again", Cancel);
        await world.A1.Dapr.PublishEventAsync("pubsub", "events", id, Cancel);
        await Script.Received(id, 1, "/topics/events");
    }

    [Fact, Holds("2.3", "While the application is down its sidecar says so to callers, and the sidecar itself stays up")]
    [Holds("10.19", "App health drives actor registration and subscriptions")]
    public async Task A_stopped_application_fails_its_callers()
    {
        await world.B.StopApp();
        var answer = await world.B.Send(HttpMethod.Get, "/v1.0/invoke/conformance-b/method/x");
        Assert.InRange(answer.Status, 500, 599);
        Assert.Equal(204, (await world.B.Send(HttpMethod.Get, "/v1.0/healthz/outbound")).Status);
    }

    private ICounter Counter(string id) => world.A1.Actors.CreateActorProxy<ICounter>(new ActorId(id), ActorTypes.Counter);

    private IAlarm Alarm(string id) => world.A1.Actors.CreateActorProxy<IAlarm>(new ActorId(id), ActorTypes.Alarm);

    /// <summary>A fresh actor that lives on the given replica.</summary>
    private async Task<string> IdOn(string host)
    {
        for (var i = 0; i < 100; i++)
        {
            var id = Unique.Name("home");
            if (await Counter(id).Where() == host) return id;
        }

        throw new InvalidOperationException($"none of 100 actors lives on {host}");
    }

    private async Task<string> AlarmOn(string host)
    {
        for (var i = 0; i < 100; i++)
        {
            var id = Unique.Name("home");
            await Alarm(id).StartTimer(new Ring("where", Due: 1, Text: "where"));
            if ((await Journal.Has(id, "timer where on "))[0].EndsWith(host, StringComparison.Ordinal)) return id;
        }

        throw new InvalidOperationException($"none of 100 actors lives on {host}");
    }

    private static async Task<string> KeepCalling(string id, Func<Task> call, CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            try
            {
                await call();
            }
            catch (DaprApiException e)
            {
                return $"{id}: {e.ErrorCode} {e.Message}";
            }
        }

        return "no failure";
    }

    private Task<string> KeepCalling(string id, CancellationToken until) =>
        KeepCalling(id, () => Counter(id).Add(new Amount(1, "x")), until);

    private async Task<string> HostsOfMany()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Counter(Unique.Name("home")).Where()));
        return string.Join(' ', hosts.Distinct().Order());
    }

    /// <summary>Waits until no sidecar counts on the stopped application any more.</summary>
    private Task<string> Gone(string name) => name == "a2"
        ? Eventually.Become(HostsOfMany, hosts => hosts == "a1", Budget, "a1 hosts alone", Cancel)
        : Eventually.Become(
            async () => (await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{name}/method/x")).Body,
            body => body.Contains("did not find address", StringComparison.Ordinal), Budget, "nobody hosts Wire", Cancel);
}
