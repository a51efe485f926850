using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Testing;

namespace Orchestrator.Simulation.Tests;

/// <summary>The state store: bytes and versions. Whatever happens to the masters, it stays.</summary>
internal sealed class SimulatedStore
{
    private readonly Dictionary<string, (Lazy<byte[]> Bytes, object Value, long Version)> records = new(StringComparer.Ordinal);
    private long version;

    /// <summary>Told after a save, with the process that saved; it may not live to hear of it.</summary>
    public Action<string, SimulatedProcess> AfterSave { get; set; } = (_, _) => { };

    /// <summary>One activation's view of one record.</summary>
    public IStoredRecord<T> Of<T>(string key, SimulatedProcess process)
        where T : class => new Record<T>(this, key, process);

    /// <summary>What was saved last, as it was before it became bytes.</summary>
    public T? Saved<T>(string key)
        where T : class => records.TryGetValue(key, out var stored) ? (T)stored.Value : null;

    public T? Read<T>(string key)
        where T : class =>
        records.TryGetValue(key, out var stored) ? JsonSerializer.Deserialize<T>(stored.Bytes.Value, ContractsJson.Options) : null;

    private sealed class Record<T>(SimulatedStore store, string key, SimulatedProcess process) : IStoredRecord<T>
        where T : class
    {
        private long known;

        public async Task<T?> Load()
        {
            await Task.Yield();
            known = store.records.GetValueOrDefault(key).Version;
            return store.Read<T>(key);
        }

        public async Task Remove()
        {
            await Task.Yield();
            if (known == 0 || store.records.GetValueOrDefault(key).Version != known) throw new RecordConflictException(key);
            store.records.Remove(key);
            known = 0;
            await Task.Yield();
        }

        public async Task Save(T value)
        {
            await Task.Yield();
            if (store.records.GetValueOrDefault(key).Version != known) throw new RecordConflictException(key);
            known = ++store.version;
            // Records never change, so they need not become bytes before somebody loads them.
            store.records[key] = (new(() => JsonSerializer.SerializeToUtf8Bytes(value, ContractsJson.Options)), value, known);
            store.AfterSave(key, process);
            // Whoever has just died does not hear of it.
            await Task.Yield();
        }
    }
}
