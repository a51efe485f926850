using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Finds out what is behind the reference of an image, once for a revision and before it is made. Workers are asked, whose engines know the
/// way to the registries: mirrors, proxies, certificates.
/// </summary>
internal sealed partial class ImageFinder(IImageTransport workers, IWorkers all, ContentStore contents, ILogger<ImageFinder> log)
{
    /// <summary>So many that have the image are asked, to notice where they differ.</summary>
    private const int MostAsked = 3;

    /// <summary>So many of those that run the service are asked whether it has moved.</summary>
    private const int MostRunning = 8;

    /// <summary>For a revision that is to be made.</summary>
    /// <param name="container">Its image and when it is pulled.</param>
    /// <returns>None when nobody could be asked: then the first worker that runs it tells.</returns>
    public async Task<FoundImage?> Find(ContainerSpec container, CancellationToken cancel)
    {
        var known = (await Known(cancel)).Where(it => it is { Health: WorkerHealth.Ready, Draining: false }).ToList();
        var having = known.Where(it => Has(it, container.Image)).Take(MostAsked).ToList();
        return having.Count > 0 && container.PullPolicy != PullPolicy.Always
            ? await AskAll(having.Select(it => it.Name), container, fresh: false, cancel)
            : await AskInTurn(known.Take(MostAsked).Select(it => it.Name), container, container.PullPolicy == PullPolicy.Always, cancel);
    }

    /// <summary>What the reference means now, for a service that runs.</summary>
    public async Task<FoundImage?> FindMoved(ContainerSpec container, IEnumerable<string> running, CancellationToken cancel)
    {
        var ready = (await Known(cancel)).Where(it => it.Health == WorkerHealth.Ready).Select(it => it.Name).ToList();
        var asked = ready.Intersect(running).Take(MostRunning).ToList();
        var first = await AskInTurn(asked.Count > 0 ? asked.Take(1) : ready.Take(MostAsked), container, fresh: true, cancel);
        return first is { Digest: null, ImageIds.Count: > 0 } && asked.Count > 1
            ? await AskAll(asked, container, fresh: false, cancel) : first;
    }

    /// <summary>One after the other until one can tell.</summary>
    private async Task<FoundImage?> AskInTurn(IEnumerable<string> names, ContainerSpec container, bool fresh, CancellationToken cancel)
    {
        FoundImage? last = null;
        foreach (var worker in names)
        {
            last = Together(container.Image, [(worker, await Ask(worker, container, fresh, cancel))]);
            if (last.IsKnown) return last;
        }

        return last;
    }

    private async Task<FoundImage> AskAll(IEnumerable<string> names, ContainerSpec container, bool fresh, CancellationToken cancel)
    {
        var asked = names.Select(async worker => (worker, await Ask(worker, container, fresh, cancel)));
        return Together(container.Image, await Task.WhenAll(asked));
    }

    /// <summary>A digest is the same everywhere; the first one counts.</summary>
    private static FoundImage Together(string image, IReadOnlyCollection<(string Worker, ImageAnswer Answer)> answers)
    {
        var digest = answers.Select(it => it.Answer.Seen?.Digest).FirstOrDefault(it => it is not null);
        var ids = answers.Where(it => it.Answer.Seen is { Digest: null, Id: not null })
            .Select(it => KeyValuePair.Create(it.Worker, it.Answer.Seen!.Id!));
        var problem = answers.Select(it => it.Answer.Problem).FirstOrDefault(it => it is not null);
        return new(image, digest, digest is null ? new ValueMap(ids) : ValueMap.Empty, problem);
    }

    private async Task<ImageAnswer> Ask(string worker, ContainerSpec container, bool fresh, CancellationToken cancel)
    {
        try
        {
            var credentials = await contents.Credentials(container.Image);
            if (credentials.Problem is { } none) return new(null, none);
            var question = new ImageQuestion(
                container.Image, fresh, MayAskRegistry: container.PullPolicy != PullPolicy.Never, credentials.Credentials);
            var answer = await workers.Ask(worker, question, cancel);
            if (answer.Problem is { } problem) LogProblem(container.Image, worker, problem);
            return answer;
        }
        catch (Exception e) when (e is NoAnswerException or StoreTroubleException)
        {
            LogProblem(container.Image, worker, e.Message);
            return new(null, e.Message);
        }
    }

    private async Task<ValueList<Worker>> Known(CancellationToken cancel)
    {
        try
        {
            // A worker that has just come, or was just undrained, counts for what a person asks next.
            all.Refresh();
            return await all.Current(cancel);
        }
        catch (NoAnswerException e)
        {
            LogNobody(e.Message);
            return [];
        }
    }

    private static bool Has(Worker worker, string image)
    {
        var reference = ImageReference.Parse(image);
        return worker.Images.Contains(reference is { Tag: null, Digest: null } ? $"{image}:latest" : image);
    }

    [LoggerMessage(LogLevel.Information, "{Worker} cannot tell what {Image} is: {Problem}")]
    private partial void LogProblem(string image, string worker, string problem);

    [LoggerMessage(LogLevel.Information, "No worker can be asked about an image: {Error}")]
    private partial void LogNobody(string error);
}
