using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>A disk in memory, which outlives the agents that use it.</summary>
internal sealed class MemoryStorage : IStorage
{
    private readonly Dictionary<string, byte[]> contents = [];

    public byte[]? Read(string name) => contents.GetValueOrDefault(name);

    public void Write(string name, byte[] content) => contents[name] = content;

    public void Overwrite(string name, byte[] content) => Write(name, content);
}
