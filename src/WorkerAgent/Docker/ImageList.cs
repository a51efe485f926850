using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Which images are here, looked up slowly and in the background: placement only prefers, it does not rely on it.</summary>
internal sealed class ImageList(IContainerEngine engine, TimeProvider clock) : ILoop
{
    private const int Most = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private volatile ValueList<string> present = [];

    public ValueList<string> Present => present;

    public async Task Look(CancellationToken cancel)
    {
        try
        {
            present = await engine.Images(Most, cancel);
        }
        catch (EngineException)
        {
            // The watcher says that the engine is away; the old list is as good as any.
        }
    }

    public async Task Run(CancellationToken stopping)
    {
        while (true)
        {
            await Look(stopping);
            await Task.Delay(Pause, clock, stopping);
        }
    }
}
