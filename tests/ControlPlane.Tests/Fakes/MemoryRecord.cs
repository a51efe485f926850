using System.Text;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>One record as activations compete for it: kept as its JSON with a version, written by compare-and-set.</summary>
/// <param name="tell">Told of each value that was saved.</param>
internal sealed class MemoryStore<T>(Action<T>? tell = null)
    where T : class
{
    private byte[]? json;
    private int version;

    public int Saves { get; private set; }

    /// <summary>What the next save meets.</summary>
    public SaveTrouble Next { get; set; }

    /// <summary>The store answers nobody.</summary>
    public bool Away { get; set; }

    /// <summary>Why what is stored cannot be read; none when it can. The next save replaces it.</summary>
    public string? Unreadable { get; set; }

    /// <summary>What somebody finds who loads it now; setting it is what a person does who puts the store back.</summary>
    public T? Stored
    {
        get => json is null ? null : JsonSerializer.Deserialize<T>(json, ContractsJson.Options);
        set => (json, version) = (JsonSerializer.SerializeToUtf8Bytes(value, ContractsJson.Options), version + 1);
    }

    /// <summary>The record as one activation holds it.</summary>
    public IStoredRecord<T> Open() => new MemoryRecord(this);

    private sealed class MemoryRecord(MemoryStore<T> store) : IStoredRecord<T>
    {
        private int known;

        public Task<T?> Load()
        {
            if (store.Away) throw new StoreTroubleException("no answer in time");
            known = store.version;
            if (store.Unreadable is { } why) throw new UnreadableRecordException("memory", why, Encoding.UTF8.GetString(store.json ?? []));
            return Task.FromResult(store.Stored);
        }

        public Task Remove()
        {
            if (store.Away) throw new StoreTroubleException("no answer in time");
            if (known != store.version || store.json is null) throw new RecordConflictException("memory");
            (store.json, store.version) = (null, store.version + 1);
            known = store.version;
            return Task.CompletedTask;
        }

        public Task Save(T value)
        {
            if (store.Away) throw new StoreTroubleException("no answer in time");
            var trouble = store.Next;
            store.Next = SaveTrouble.None;
            if (trouble == SaveTrouble.Fails) throw new StoreTroubleException("no answer in time");
            if (known != store.version) throw new RecordConflictException("memory");
            store.Stored = value;
            store.Unreadable = null;
            store.Saves++;
            if (trouble == SaveTrouble.LosesItsAnswer) throw new StoreTroubleException("the answer was lost");
            known = store.version;
            store.Tell(value);
            return Task.CompletedTask;
        }
    }

    private void Tell(T value) => tell?.Invoke(value);
}

internal enum SaveTrouble { None, Fails, LosesItsAnswer }
