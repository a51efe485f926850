using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Which images are here, looked up slowly and in the background: placement only prefers, it does not rely on it.</summary>
internal sealed class ImageList(IContainerEngine engine, TimeProvider clock) : BackgroundService
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Look(stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
