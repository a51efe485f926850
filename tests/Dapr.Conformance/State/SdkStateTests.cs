using System.Text.Json;
using Conformance.Promises;
using Conformance.World;
using Dapr;
using Dapr.Client;

namespace Conformance.State;

/// <summary>The plain state API through the SDK, that is through gRPC.</summary>
public sealed class SdkStateTests(DaprWorld world)
{
    private const string Store = "statestore";
    private readonly string _key = Unique.Name("key");

    private DaprClient Dapr => world.A1.Dapr;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public sealed record Apple(string Colour, int Grams);

    [Fact, Holds("4.1", "What was saved is read back, on every replica of the app id")]
    public async Task What_was_saved_is_read_on_every_replica()
    {
        await Dapr.SaveStateAsync(Store, _key, new Apple("red", 120), cancellationToken: Cancel);
        Assert.Equal(new Apple("red", 120), await world.A2.Dapr.GetStateAsync<Apple>(Store, _key, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "A missing key has an empty value and an empty etag, and is no error")]
    [Holds("10.15", "Aborted on etag conflict, empty data for missing keys, first-write insert-only")]
    public async Task A_missing_key_is_empty_and_no_error()
    {
        var (value, etag) = await Dapr.GetStateAndETagAsync<Apple>(Store, _key, cancellationToken: Cancel);
        Assert.Null(value);
        Assert.True(string.IsNullOrEmpty(etag), $"etag '{etag}'");
    }

    [Fact, Holds("4.1", "A save with an etag that is no longer true answers false and changes nothing")]
    [Holds("10.15", "Aborted on etag conflict, empty data for missing keys, first-write insert-only")]
    public async Task A_save_with_an_old_etag_is_refused()
    {
        await Dapr.SaveStateAsync(Store, _key, 1, cancellationToken: Cancel);
        var (_, etag) = await Dapr.GetStateAndETagAsync<int>(Store, _key, cancellationToken: Cancel);
        Assert.True(await Dapr.TrySaveStateAsync(Store, _key, 2, etag, cancellationToken: Cancel));
        Assert.False(await Dapr.TrySaveStateAsync(Store, _key, 3, etag, cancellationToken: Cancel));
        Assert.Equal(2, await Dapr.GetStateAsync<int>(Store, _key, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "A delete with an etag that is no longer true answers false and changes nothing")]
    public async Task A_delete_with_an_old_etag_is_refused()
    {
        await Dapr.SaveStateAsync(Store, _key, 1, cancellationToken: Cancel);
        var (_, etag) = await Dapr.GetStateAndETagAsync<int>(Store, _key, cancellationToken: Cancel);
        await Dapr.SaveStateAsync(Store, _key, 2, cancellationToken: Cancel);
        Assert.False(await Dapr.TryDeleteStateAsync(Store, _key, etag, cancellationToken: Cancel));
        (_, etag) = await Dapr.GetStateAndETagAsync<int>(Store, _key, cancellationToken: Cancel);
        Assert.True(await Dapr.TryDeleteStateAsync(Store, _key, etag, cancellationToken: Cancel));
        Assert.Equal(0, await Dapr.GetStateAsync<int>(Store, _key, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "Of many savers with one etag exactly one wins")]
    public async Task Of_many_savers_with_one_etag_one_wins()
    {
        await Dapr.SaveStateAsync(Store, _key, 0, cancellationToken: Cancel);
        var (_, etag) = await Dapr.GetStateAndETagAsync<int>(Store, _key, cancellationToken: Cancel);
        var won = await Task.WhenAll(Enumerable.Range(1, 20).Select(i =>
            world.Replicas[i % 2].Dapr.TrySaveStateAsync(Store, _key, i, etag, cancellationToken: Cancel)));
        Assert.Single(won, saved => saved);
    }

    [Fact, Holds("4.1", "First-write without an etag only inserts: the second one fails and changes nothing")]
    [Holds("10.15", "Aborted on etag conflict, empty data for missing keys, first-write insert-only")]
    public async Task First_write_only_inserts()
    {
        var insert = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite };
        await Dapr.SaveStateAsync(Store, _key, "first", insert, cancellationToken: Cancel);
        await Assert.ThrowsAnyAsync<DaprException>(() => Dapr.SaveStateAsync(Store, _key, "second", insert, cancellationToken: Cancel));
        Assert.Equal("first", await Dapr.GetStateAsync<string>(Store, _key, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "State with ttlInSeconds ends")]
    public async Task State_with_a_time_to_live_ends()
    {
        await Dapr.SaveStateAsync(
            Store, _key, "short", metadata: new Dictionary<string, string> { ["ttlInSeconds"] = "1" }, cancellationToken: Cancel);
        Assert.Equal("short", await Dapr.GetStateAsync<string>(Store, _key, cancellationToken: Cancel));
        await Eventually.Become(
            async () => await Dapr.GetStateAsync<string?>(Store, _key, cancellationToken: Cancel) ?? "(gone)",
            value => value == "(gone)", TimeSpan.FromSeconds(5), "the value is gone", Cancel);
    }

    [Fact, Holds("4.1", "A transaction applies all of its operations")]
    public async Task A_transaction_applies_everything()
    {
        var (gone, put) = (_key + "-gone", _key + "-put");
        await Dapr.SaveStateAsync(Store, gone, 1, cancellationToken: Cancel);
        await Dapr.ExecuteStateTransactionAsync(Store,
        [
            new StateTransactionRequest(put, JsonSerializer.SerializeToUtf8Bytes(5), StateOperationType.Upsert),
            new StateTransactionRequest(gone, null, StateOperationType.Delete),
        ], cancellationToken: Cancel);
        Assert.Equal("5 0",
            $"{await Dapr.GetStateAsync<int>(Store, put, cancellationToken: Cancel)} {await Dapr.GetStateAsync<int>(Store, gone, cancellationToken: Cancel)}");
    }

    [Fact, Holds("3.6", "A transaction with one old etag fails; on a store with rollback nothing of it is applied")]
    public async Task A_transaction_with_an_old_etag_fails_as_a_whole()
    {
        var (fenced, other) = (_key + "-fenced", _key + "-other");
        await Dapr.SaveStateAsync(Store, fenced, 1, cancellationToken: Cancel);
        var (_, old) = await Dapr.GetStateAndETagAsync<int>(Store, fenced, cancellationToken: Cancel);
        await Dapr.SaveStateAsync(Store, fenced, 2, cancellationToken: Cancel);
        await Assert.ThrowsAnyAsync<DaprException>(() => Dapr.ExecuteStateTransactionAsync(Store,
        [
            new StateTransactionRequest(other, JsonSerializer.SerializeToUtf8Bytes(9), StateOperationType.Upsert),
            new StateTransactionRequest(fenced, JsonSerializer.SerializeToUtf8Bytes(9), StateOperationType.Upsert, old),
        ], cancellationToken: Cancel));
        Assert.Equal(2, await Dapr.GetStateAsync<int>(Store, fenced, cancellationToken: Cancel));
        if (await Component.Is(world.A1, Store, "state.redis")) return; // MULTI/EXEC of scripts has no rollback
        Assert.Equal(0, await Dapr.GetStateAsync<int>(Store, other, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "Bulk get answers every key asked for, also missing ones")]
    public async Task Bulk_get_answers_every_key()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("DAPR_API_TOKEN") is { Length: > 0 }, "the SDK sends no token with SaveBulkStateAsync");
        var keys = new[] { _key + "-1", _key + "-2", _key + "-3" };
        await Dapr.SaveBulkStateAsync(
            Store, [new SaveStateItem<string>(keys[0], "one", null!), new SaveStateItem<string>(keys[1], "two", null!)], Cancel);
        var items = await Dapr.GetBulkStateAsync(Store, keys, parallelism: 2, cancellationToken: Cancel);
        Assert.Equal([(keys[0], "\"one\"", true), (keys[1], "\"two\"", true), (keys[2], "", false)],
            items.OrderBy(item => item.Key).Select(item => (item.Key, item.Value, !string.IsNullOrEmpty(item.ETag))));
    }

    [Fact, Holds("4.1", "Bulk delete deletes every key")]
    public async Task Bulk_delete_deletes_every_key()
    {
        var keys = new[] { _key + "-1", _key + "-2" };
        foreach (var key in keys) await Dapr.SaveStateAsync(Store, key, 1, cancellationToken: Cancel);
        await Dapr.DeleteBulkStateAsync(Store, [.. keys.Select(key => new BulkDeleteStateItem(key, null!))], Cancel);
        foreach (var key in keys) Assert.Equal(0, await Dapr.GetStateAsync<int>(Store, key, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "Keys belong to an app id: another one does not see them")]
    public async Task Another_app_id_does_not_see_the_key()
    {
        await Dapr.SaveStateAsync(Store, _key, "mine", cancellationToken: Cancel);
        Assert.Null(await world.B.Dapr.GetStateAsync<string?>(Store, _key, cancellationToken: Cancel));
    }

    [Fact, Holds("4.1", "A key with || is refused")]
    public async Task A_key_with_two_bars_is_refused() =>
        await Assert.ThrowsAnyAsync<DaprException>(() => Dapr.SaveStateAsync(Store, $"{_key}||x", 1, cancellationToken: Cancel));

    [Fact, Holds("4.1", "A store that does not exist is InvalidArgument")]
    public async Task A_store_that_does_not_exist_is_an_invalid_argument()
    {
        var error = await Assert.ThrowsAnyAsync<DaprException>(
            () => Dapr.GetStateAsync<int>("no-such-store", _key, cancellationToken: Cancel));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, Assert.IsType<Grpc.Core.RpcException>(error.InnerException).StatusCode);
    }
}
