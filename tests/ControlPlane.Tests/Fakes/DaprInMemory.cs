using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.Client;
using Grpc.Core;
using Moq;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>A client of a sidecar that is not there: its state store and its topic of announcements are in memory.</summary>
internal sealed class DaprInMemory
{
    private readonly ConcurrentDictionary<string, (byte[] Json, int ETag)> store = new(StringComparer.Ordinal);
    private readonly Mock<DaprClient> client = new(MockBehavior.Strict);

    public DaprInMemory()
    {
        client.Setup(it => it.GetStateAndETagAsync<It.IsAnyType>(
                DaprNames.StateStore, It.IsAny<string>(), ConsistencyMode.Strong, null, It.IsAny<CancellationToken>()))
            .Returns(Here(nameof(Read)));
        client.Setup(it => it.GetBulkStateAsync(
                DaprNames.StateStore, It.IsAny<IReadOnlyList<string>>(), It.IsAny<int?>(), null, It.IsAny<CancellationToken>()))
            .Returns((string _, IReadOnlyList<string> keys, int? _, object? _, CancellationToken cancel) => ReadAll(keys, cancel));
        client.Setup(it => it.TrySaveStateAsync(
                DaprNames.StateStore, It.IsAny<string>(), It.IsAny<It.IsAnyType>(), It.IsAny<string>(), FirstWrite, null,
                It.IsAny<CancellationToken>()))
            .Returns(Here(nameof(Write)));
        client.Setup(it => it.TryDeleteStateAsync(
                DaprNames.StateStore, It.IsAny<string>(), It.IsAny<string>(), FirstWrite, null, It.IsAny<CancellationToken>()))
            .Returns((string _, string key, string etag, StateOptions _, object? _, CancellationToken cancel) => Delete(key, etag, cancel));
        client.Setup(it => it.SaveStateAsync(
                DaprNames.StateStore, It.IsAny<string>(), It.IsAny<It.IsAnyType>(), FirstWrite, null, It.IsAny<CancellationToken>()))
            .Returns(Here(nameof(Insert)));
        client.Setup(it => it.DeleteStateAsync(
                DaprNames.StateStore, It.IsAny<string>(), null, null, It.IsAny<CancellationToken>()))
            .Returns<string, string, StateOptions?, object?, CancellationToken>((_, key, _, _, _) =>
            {
                store.TryRemove(key, out var _);
                return Task.CompletedTask;
            });
        client.Setup(it => it.PublishEventAsync(
                DaprNames.PubSub, DaprNames.Announcements, It.IsAny<Announcement>(), It.IsAny<CancellationToken>()))
            .Returns(Here(nameof(Publish)));
        client.Setup(it => it.GetSecretAsync(
                It.IsAny<string>(), It.IsAny<string>(), It.IsAny<IReadOnlyDictionary<string, string>>(), It.IsAny<CancellationToken>()))
            .Returns((string _, string key, object? _, CancellationToken _) => KeepsSecrets
                ? Task.FromResult(new Dictionary<string, string> { [key] = "kept elsewhere", ["more"] = "and another" })
                : throw new DaprException("nobody keeps it"));
    }

    /// <summary>Whether the secret stores keep whatever they are asked for, with a second field <c>more</c>.</summary>
    public bool KeepsSecrets { get; set; } = true;

    public DaprClient Client => client.Object;

    /// <summary>All that is stored, as text.</summary>
    public string Everything => string.Join("\n", store.Select(it => $"{it.Key}={Encoding.UTF8.GetString(it.Value.Json)}"));

    public IEnumerable<string> Keys => store.Keys.Order(StringComparer.Ordinal);

    /// <summary>Each key with a number that every save counts on.</summary>
    public IEnumerable<string> Versions => store.Select(it => $"{it.Key} {it.Value.ETag}").Order(StringComparer.Ordinal);

    public ConcurrentQueue<Announcement> Published { get; } = new();

    /// <summary>What happens before anything (<c>read</c>, <c>write</c>, <c>publish</c>) is answered; it may throw, or wait.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    private static StateOptions FirstWrite => It.Is<StateOptions>(
        it => it.Concurrency == ConcurrencyMode.FirstWrite && it.Consistency == ConsistencyMode.Strong);

    /// <summary>Answers with a method of this class, which has the parameters of the client's.</summary>
    private InvocationFunc Here(string method) => new(call => GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!
        .MakeGenericMethod(call.Method.GetGenericArguments()).Invoke(this, [.. call.Arguments])!);

    /// <summary>Of a call to the store that was given up the client tells as of any that fails.</summary>
    private async Task Happens(string what, CancellationToken cancel)
    {
        try
        {
            await Before(what).WaitAsync(cancel);
        }
        catch (OperationCanceledException e)
        {
            throw new DaprException("the operation failed", new RpcException(new Status(StatusCode.Cancelled, e.Message)));
        }
    }

    private async Task<(T?, string)> Read<T>(string _, string key, ConsistencyMode? __, object? ___, CancellationToken cancel)
    {
        await Happens("read", cancel);
        if (!store.TryGetValue(key, out var found)) return (default, "");
        return (JsonSerializer.Deserialize<T>(found.Json, ContractsJson.Options), $"{found.ETag}");
    }

    private async Task<IReadOnlyList<BulkStateItem>> ReadAll(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        await Happens("read", cancel);
        return [.. keys.Select(key => store.TryGetValue(key, out var found)
            ? new BulkStateItem(key, Encoding.UTF8.GetString(found.Json), $"{found.ETag}") : new BulkStateItem(key, "", ""))];
    }

    private async Task<bool> Write<T>(string _, string key, T value, string etag, StateOptions __, object? ___, CancellationToken cancel)
    {
        await Happens("write", cancel);
        if (!store.TryGetValue(key, out var found) || $"{found.ETag}" != etag) return false;
        return store.TryUpdate(key, (Bytes(value), found.ETag + 1), found);
    }

    private async Task<bool> Delete(string key, string etag, CancellationToken cancel)
    {
        await Happens("write", cancel);
        return store.TryGetValue(key, out var found) && $"{found.ETag}" == etag && store.TryRemove(new(key, found));
    }

    private async Task Insert<T>(string _, string key, T value, StateOptions __, object? ___, CancellationToken cancel)
    {
        await Happens("write", cancel);
        if (!store.TryAdd(key, (Bytes(value), 1))) throw new DaprException("there is such a key already");
    }

    private async Task Publish<T>(string _, string __, T announcement, CancellationToken cancel)
    {
        await Before("publish").WaitAsync(cancel);
        Published.Enqueue((Announcement)(object)announcement!);
    }

    private static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, ContractsJson.Options);
}
