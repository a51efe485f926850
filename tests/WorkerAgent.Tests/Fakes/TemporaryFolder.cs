namespace Orchestrator.WorkerAgent.Tests.Fakes;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("worker-agent-").FullName;

    /// <summary>What an agent was writing as it ended may still arrive while the folder is being removed.</summary>
    public void Dispose()
    {
        if (!SpinWait.SpinUntil(TryRemove, TimeSpan.FromSeconds(5))) Directory.Delete(Path, recursive: true);
    }

    private bool TryRemove()
    {
        try
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
