using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Which images each worker has. The lists are long and seldom change, so they do not come with every look at the workers: those that have
/// changed are asked for. They are a hint; without an answer the last ones serve.
/// </summary>
internal sealed class ImageLists(IRegistryCalls registry)
{
    /// <summary>Of so many workers at a time: an answer stays far below what one message may hold.</summary>
    public const int MostAsked = 100;

    private Dictionary<string, WorkerImages> known = new(StringComparer.Ordinal);

    public async Task<ValueList<Worker>> AddTo(ValueList<Worker> workers, CancellationToken cancel)
    {
        known = workers.Select(it => known.GetValueOrDefault(it.Name)).OfType<WorkerImages>()
            .ToDictionary(it => it.Worker, StringComparer.Ordinal);
        var changed = workers.Where(it => it.ImagesAt is { } at && known.GetValueOrDefault(it.Name)?.At != at)
            .Take(MostAsked).Select(it => it.Name).ToValueList();
        if (changed.Count > 0) await Ask(changed, cancel);
        return workers.Select(it => known.TryGetValue(it.Name, out var images) ? it with { Images = images.Images } : it).ToValueList();
    }

    private async Task Ask(ValueList<string> changed, CancellationToken cancel)
    {
        try
        {
            foreach (var images in await registry.Images(changed, cancel)) known[images.Worker] = images;
        }
        catch (NoAnswerException)
        {
            // The next look asks again.
        }
    }
}
