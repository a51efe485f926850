using System.Threading.Channels;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Pulls images before they are needed, one at a time and when no instance is waiting for a pull.</summary>
internal sealed partial class Prefetch(IContainerEngine engine, ImageList images, EngineGates gates, ILogger<Prefetch> log) : ILoop
{
    private const int MostWaiting = 32;

    private readonly Channel<string> wanted = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Want(string image)
    {
        if (!images.Present.Contains(image)) wanted.Writer.TryWrite(image);
    }

    public async Task Run(CancellationToken stopping)
    {
        while (await wanted.Reader.WaitToReadAsync(stopping))
        {
            while (wanted.Reader.TryRead(out var image)) await Pull(image, stopping);
        }
    }

    private async Task Pull(string image, CancellationToken cancel)
    {
        try
        {
            await images.Look(cancel);
            if (images.Present.Contains(image)) return;
            LogPulling(image);
            await gates.Pulls.Inside(() => engine.Pull(image, cancel), cancel);
            await images.Look(cancel);
        }
        catch (EngineException e)
        {
            // Whoever needs the image will pull it, and then the failure matters.
            LogFailed(image, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pulling {Image} ahead of need")]
    private partial void LogPulling(string image);

    [LoggerMessage(Level = LogLevel.Information, Message = "Could not pull {Image} ahead of need: {Why}")]
    private partial void LogFailed(string image, string why);
}
