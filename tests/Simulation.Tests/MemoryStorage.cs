using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.Simulation.Tests;

/// <summary>A disk that outlives the agent.</summary>
internal sealed class MemoryStorage : IStorage
{
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public string In(string name) => name;

    public byte[]? Read(string name) => files.GetValueOrDefault(name);

    /// <summary>Told after each write, by whomever.</summary>
    public Action? Written { get; set; }

    public void Write(string name, byte[] content)
    {
        files[name] = content;
        Written?.Invoke();
    }

    public void Overwrite(string name, byte[] content) => Write(name, content);
}
