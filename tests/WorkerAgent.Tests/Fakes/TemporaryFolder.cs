using Orchestrator.Testing;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("worker-agent-").FullName;

    public void Dispose() => Folders.Remove(Path);
}
