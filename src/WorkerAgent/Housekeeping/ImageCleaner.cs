using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Housekeeping;

/// <summary>
/// Removes images that this worker has pulled and that nobody needs: no container has them, and no service that ever had instances here
/// runs them in the revision in force or the one before, which the services themselves say. When one of them does not say, nothing goes.
/// </summary>
internal sealed partial class ImageCleaner : IDisposable
{
    private readonly IContainerEngine engine;
    private readonly IEngineStorage storage;
    private readonly PulledImages pulled;
    private readonly IControlPlane control;
    private readonly InstanceBook book;
    private readonly WorkerAgentOptions options;
    private readonly ILogger<ImageCleaner> log;

    public ImageCleaner(
        IContainerEngine engine, IEngineStorage storage, PulledImages pulled, IControlPlane control, InstanceBook book,
        WorkerAgentOptions options, ILogger<ImageCleaner> log)
    {
        (this.engine, this.storage, this.pulled, this.control) = (engine, storage, pulled, control);
        (this.book, this.options, this.log) = (book, options, log);
        book.Changed += Note;
    }

    /// <param name="goesOn">Whether more is to go.</param>
    public async Task Clean(Func<bool> goesOn, CancellationToken cancel)
    {
        if (pulled.Images.Count == 0) return;
        if (await Needed(cancel) is not { } needed) return;
        var had = (await storage.ImagesOfContainers(cancel)).ToHashSet(StringComparer.Ordinal);
        foreach (var image in pulled.Images)
        {
            if (!goesOn()) return;
            var found = await engine.FindImage(image, cancel);
            if (found?.Id is { } id && (had.Contains(id) || needed.Contains(id))) continue;
            await Remove(image, isHere: found is not null, cancel);
        }
    }

    public void Dispose() => book.Changed -= Note;

    private void Note(Instance instance) => pulled.Runs(instance.Name.Service);

    /// <summary>The ids of the images that services need here; none when one of them does not say.</summary>
    private async Task<HashSet<string>?> Needed(CancellationToken cancel)
    {
        HashSet<string> needed = new(StringComparer.Ordinal);
        var here = book.Sums().Services;
        foreach (var service in pulled.Services)
        {
            ValueList<string> images;
            try
            {
                images = await control.NeededImages(service, options.Name, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                LogNotSaid(service, e.GetBaseException().Message);
                return null;
            }

            if (images.Count == 0 && !here.Contains(service)) pulled.Gone(service);
            foreach (var image in images)
            {
                if ((await engine.FindImage(image, cancel))?.Id is { } id) needed.Add(id);
            }
        }

        return needed;
    }

    private async Task Remove(string image, bool isHere, CancellationToken cancel)
    {
        try
        {
            if (isHere) await storage.RemoveImage(image, cancel);
            pulled.Removed(image);
            if (isHere) LogRemoved(image);
        }
        catch (EngineException e) when (e.Fault is EngineFault.Refused)
        {
            LogKept(image, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed image {Image}: the disk is filling up, and nobody needs it")]
    private partial void LogRemoved(string image);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} stays: {Why}")]
    private partial void LogKept(string image, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No image is removed while {Service} does not say which it needs: {Why}")]
    private partial void LogNotSaid(string service, string why);
}
