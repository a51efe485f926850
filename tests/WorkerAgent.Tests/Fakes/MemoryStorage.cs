using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>A disk in memory, which outlives the agents that use it.</summary>
internal sealed class MemoryStorage : IStorage
{
    private readonly Dictionary<string, byte[]> contents = [];

    /// <summary>Why nothing can be written at present; none when it can.</summary>
    public string? Full { get; set; }

    public string In(string name) => $"memory/{name}";

    public byte[]? Read(string name) => contents.GetValueOrDefault(name);

    public void Write(string name, byte[] content) => contents[name] = Full is { } why ? throw new IOException(why) : content;

    public void Overwrite(string name, byte[] content) => Write(name, content);
}
