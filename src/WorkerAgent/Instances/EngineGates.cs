namespace Orchestrator.WorkerAgent.Instances;

/// <summary>How many calls of a kind may be inside the engine at once: more make each slower, and dozens of removals can wedge it for good.</summary>
internal sealed class EngineGates(WorkerAgentOptions options) : IDisposable
{
    private const int MostPulls = 3;

    public SemaphoreSlim Starts { get; } = new(options.MaxStarts);
    public SemaphoreSlim Endings { get; } = new(options.MaxRemovals);
    public SemaphoreSlim Pulls { get; } = new(MostPulls);

    public void Dispose()
    {
        Starts.Dispose();
        Endings.Dispose();
        Pulls.Dispose();
    }
}

internal static class Gate
{
    public static async Task<T> Inside<T>(this SemaphoreSlim gate, Func<Task<T>> act, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            return await act();
        }
        finally
        {
            gate.Release();
        }
    }
}
