using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr;
using Dapr.Actors;
using LocalDapr;

namespace Conformance.LocalDaprOnly;

/// <summary>LocalDapr promises more than Dapr where one machine makes it easy.</summary>
[Collection(OneAtATime.Name)]
public sealed class QuicknessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("3.4", "LocalDapr: the actors of a killed application answer elsewhere within a second, without a failed call")]
    public async Task A_killed_applications_actors_answer_elsewhere_within_a_second()
    {
        await using var own = await OwnHost.Start();
        var (a1, _) = await own.AddSdkApp("a1");
        var (a2, _) = await own.AddSdkApp("a2");
        var proxies = Enumerable.Range(0, 10)
            .Select(_ => a1.Actors.CreateActorProxy<ICounter>(new ActorId(Unique.Name("home")), ActorTypes.Counter)).ToList();
        Assert.Contains("a2", await Task.WhenAll(proxies.Select(proxy => proxy.Where())));
        await a2.StopApp();
        var started = TimeProvider.System.GetTimestamp();
        var hosts = await Task.WhenAll(proxies.Select(proxy => proxy.Where()));
        Assert.All(hosts, host => Assert.Equal("a1", host));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 1);
    }

    [Fact, Holds("3.4", "LocalDapr: the same when the sidecar dies with its application")]
    public async Task A_lost_sidecars_actors_answer_elsewhere_within_a_second()
    {
        await using var own = await OwnHost.Start();
        var (a1, _) = await own.AddSdkApp("a1");
        var (a2, sidecar2) = await own.AddSdkApp("a2");
        var proxies = Enumerable.Range(0, 10)
            .Select(_ => a1.Actors.CreateActorProxy<ICounter>(new ActorId(Unique.Name("home")), ActorTypes.Counter)).ToList();
        await Task.WhenAll(proxies.Select(proxy => proxy.Where()));
        await a2.StopApp();
        await sidecar2.DisposeAsync();
        var started = TimeProvider.System.GetTimestamp();
        Assert.All(await Task.WhenAll(proxies.Select(proxy => proxy.Where())), host => Assert.Equal("a1", host));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 1);
    }

    [Fact, Holds("3.6", "LocalDapr: a transaction with one old etag changes nothing at all")]
    public async Task A_transaction_is_all_or_nothing()
    {
        await using var own = await OwnHost.Start();
        var (a1, _) = await own.AddSdkApp("a1");
        var (fenced, other) = (Unique.Name("key"), Unique.Name("key"));
        await a1.Dapr.SaveStateAsync("statestore", fenced, 1, cancellationToken: Cancel);
        await Assert.ThrowsAnyAsync<DaprException>(() => a1.Dapr.ExecuteStateTransactionAsync("statestore",
        [
            new(other, "9"u8.ToArray(), Dapr.Client.StateOperationType.Upsert),
            new(fenced, "9"u8.ToArray(), Dapr.Client.StateOperationType.Upsert, "999999"),
        ], cancellationToken: Cancel));
        Assert.Equal((1, 0), (
            await a1.Dapr.GetStateAsync<int>("statestore", fenced, cancellationToken: Cancel),
            await a1.Dapr.GetStateAsync<int>("statestore", other, cancellationToken: Cancel)));
    }

    [Fact, Holds("1.3", "LocalDapr: a value with a time to live tells when it ends, whatever the store")]
    public async Task A_value_tells_when_it_ends()
    {
        await using var own = await OwnHost.Start();
        var (a1, _) = await own.AddSdkApp("a1");
        var id = Unique.Name("kept");
        await a1.Actors.CreateActorProxy<ICounter>(new ActorId(id), ActorTypes.Counter).Keep(new Kept("short", "v", 60));
        var stored = await a1.Send(HttpMethod.Get, $"/v1.0/actors/Counter/{id}/state/short");
        var end = DateTimeOffset.Parse(stored.Headers["metadata.ttlExpireTime"]);
        Assert.InRange((end - TimeProvider.System.GetUtcNow()).TotalSeconds, 30, 61);
    }

    [Fact, Holds("3.1", "LocalDapr: a host and a sidecar start in milliseconds")]
    public async Task It_starts_in_milliseconds()
    {
        await using (await OwnHost.Start()) { } // the first start also compiles
        var started = TimeProvider.System.GetTimestamp();
        await using var own = await OwnHost.Start();
        await own.Host.AddSidecarAsync(new() { AppId = "quick" }, Cancel);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 0, 500);
    }
}
