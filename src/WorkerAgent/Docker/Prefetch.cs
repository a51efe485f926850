using System.Threading.Channels;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Pulls images before they are needed, one at a time and when no instance is waiting for a pull.</summary>
internal sealed partial class Prefetch(IContainerEngine engine, ImageList images, EngineGates gates, ILogger<Prefetch> log) : BackgroundService
{
    private const int MostWaiting = 32;

    private readonly Channel<string> wanted = Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Want(string image)
    {
        if (!images.Present.Contains(image)) wanted.Writer.TryWrite(image);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var image in wanted.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await images.Look(stoppingToken);
                if (images.Present.Contains(image)) continue;
                LogPulling(image);
                await gates.Pulls.Inside(async () =>
                {
                    await engine.Pull(image, stoppingToken);
                    return true;
                }, stoppingToken);
                await images.Look(stoppingToken);
            }
            catch (EngineException e)
            {
                // Whoever needs the image will pull it, and then the failure matters.
                LogFailed(image, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pulling {Image} ahead of need")]
    private partial void LogPulling(string image);

    [LoggerMessage(Level = LogLevel.Information, Message = "Could not pull {Image} ahead of need: {Why}")]
    private partial void LogFailed(string image, string why);
}
