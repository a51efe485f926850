using System.Threading.Channels;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Pulls images before they are needed, one at a time and when no instance is waiting for a pull.</summary>
internal sealed partial class Prefetch(IContainerEngine engine, ImageList images, ImagePulls pulls, ILogger<Prefetch> log) : ILoop
{
    private const int MostWaiting = 32;

    private readonly Channel<(string Service, string Image)> wanted = Channel.CreateBounded<(string, string)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <param name="service">For which it is pulled; empty when for none.</param>
    public void Want(string service, string image)
    {
        if (!images.Present.Contains(image)) wanted.Writer.TryWrite((service, image));
    }

    public async Task Run(CancellationToken stopping)
    {
        while (await wanted.Reader.WaitToReadAsync(stopping))
        {
            while (wanted.Reader.TryRead(out var it)) await Pull(it.Service, it.Image, stopping);
        }
    }

    private async Task Pull(string service, string image, CancellationToken cancel)
    {
        try
        {
            if (await engine.FindImage(image, cancel) is not null) return;
            LogPulling(image);
            await pulls.Pull(service, image, tell: null, cancel);
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
