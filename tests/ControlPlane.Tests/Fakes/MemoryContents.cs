using System.Collections.Concurrent;
using System.Text;
using Orchestrator.Contracts.Content;
using Orchestrator.ControlPlane.Content;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>The store of secrets and configs, with everything beneath it in memory.</summary>
internal sealed class MemoryContents : IContentValues, ISecretStores
{
    public MemoryContents(TimeProvider clock) => Store = new(Record.Open, this, this, new MemorySeal(), clock);

    public ContentStore Store { get; }

    public MemoryStore<ContentRecord> Record { get; } = new();

    /// <summary>As they are stored.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>What somebody else keeps, by <c>store/key</c>.</summary>
    public Dictionary<string, string> Elsewhere { get; } = [];

    /// <summary>A new version of a secret or a config.</summary>
    public Task Put(ContentKind kind, string name, string value) =>
        Store.Set(kind, name, Encoding.UTF8.GetBytes(value), "a person", _ => new HashSet<int>());

    Task<string?> IContentValues.Read(string key) => Task.FromResult(Values.GetValueOrDefault(key));

    Task IContentValues.Write(string key, string value)
    {
        Assert.True(Values.TryAdd(key, value), $"{key} is written twice");
        return Task.CompletedTask;
    }

    Task IContentValues.Delete(string key)
    {
        Values.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    Task<byte[]> ISecretStores.Read(StoreReference reference) =>
        Elsewhere.TryGetValue($"{reference.Store}/{reference.Key}", out var value) ? Task.FromResult(Encoding.UTF8.GetBytes(value))
        : throw new ContentMissingException($"secret store {reference.Store} does not tell '{reference.Key}'");
}

/// <summary>Nobody recognises what it has closed.</summary>
internal sealed class MemorySeal : ISeal
{
    private const byte Key = 0x5a;

    public string Close(byte[] value) => Convert.ToBase64String([.. value.Select(it => (byte)(it ^ Key))]);

    public byte[] Open(string closed) => [.. Convert.FromBase64String(closed).Select(it => (byte)(it ^ Key))];
}
