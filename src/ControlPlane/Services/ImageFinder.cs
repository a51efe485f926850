using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ServiceDefaults.Concurrency;

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

    private readonly SharedQuestions<(string Image, PullPolicy PullPolicy), FoundImage?> found = new();

    /// <summary>
    /// For a revision that is to be made. Several that are made at the same time share a question that began after each of them.
    /// </summary>
    /// <param name="container">Its image and when it is pulled.</param>
    /// <returns>None when nobody could be asked: then the first worker that runs it tells.</returns>
    public Task<FoundImage?> Find(ContainerSpec container, CancellationToken cancel) =>
        found.Ask((container.Image, container.PullPolicy), token => FindAlone(container, token), cancel);

    private async Task<FoundImage?> FindAlone(ContainerSpec container, CancellationToken cancel)
    {
        var known = await Usable(cancel);
        var having = known.Where(it => Has(it, container.Image)).Take(MostAsked).Select(it => it.Name).ToList();
        var isFresh = container.PullPolicy == PullPolicy.Always;
        if (known.Count == 0) return null;
        return await Asking(container, isFresh, question => having.Count > 0 && !isFresh
            ? AskAll(having, question, cancel) : AskInTurn(known.Take(MostAsked).Select(it => it.Name), question, cancel));
    }

    /// <summary>What the reference means now, for a service that runs.</summary>
    public async Task<FoundImage?> FindMoved(ContainerSpec container, IEnumerable<string> running, CancellationToken cancel)
    {
        var ready = (await Known(cancel, all.Mark())).Where(it => it.Health == WorkerHealth.Ready).Select(it => it.Name).ToList();
        var asked = ready.Intersect(running).Take(MostRunning).ToList();
        if (ready.Count == 0) return null;
        return await Asking(container, fresh: true, async question =>
        {
            var first = await AskInTurn(asked.Count > 0 ? asked.Take(1) : ready.Take(MostAsked), question, cancel);
            return first is { Digest: null, ImageIds.Count: > 0 } && asked.Count > 1
                ? await AskAll(asked, question with { Fresh = false }, cancel) : first;
        });
    }

    /// <summary>Asks with the login of the image's registry, had once for all workers; none can tell while it cannot be had.</summary>
    private async Task<FoundImage?> Asking(ContainerSpec container, bool fresh, Func<ImageQuestion, Task<FoundImage>> ask)
    {
        string problem;
        try
        {
            var login = await contents.Credentials(container.Image);
            if (login.Problem is not { } none)
                return await ask(new(container.Image, fresh, container.PullPolicy != PullPolicy.Never, login.Credentials));
            problem = none;
        }
        catch (StoreTroubleException e)
        {
            problem = e.Message;
        }

        LogNoLogin(container.Image, problem);
        return new(container.Image, null, ValueMap.Empty, problem);
    }

    /// <summary>One after the other until one can tell.</summary>
    private async Task<FoundImage> AskInTurn(IEnumerable<string> names, ImageQuestion question, CancellationToken cancel)
    {
        FoundImage? last = null;
        foreach (var worker in names)
        {
            last = Together(question.Image, [(worker, await Ask(worker, question, cancel))]);
            if (last.IsKnown) break;
        }

        return last!;
    }

    private async Task<FoundImage> AskAll(IEnumerable<string> names, ImageQuestion question, CancellationToken cancel)
    {
        var asked = names.Select(async worker => (worker, await Ask(worker, question, cancel)));
        return Together(question.Image, await Task.WhenAll(asked));
    }

    /// <summary>Bytes with a digest can run everywhere; of several the first ones count, and which there are is told.</summary>
    private static FoundImage Together(string image, IReadOnlyCollection<(string Worker, ImageAnswer Answer)> answers)
    {
        var digest = answers.Select(it => it.Answer.Seen?.Digest).FirstOrDefault(it => it is not null);
        var ids = answers.Where(it => it.Answer.Seen is { Digest: null, Id: not null })
            .Select(it => KeyValuePair.Create(it.Worker, it.Answer.Seen!.Id!));
        var problem = answers.Select(it => it.Answer.Problem).FirstOrDefault(it => it is not null);
        if (digest is null) return new(image, null, new ValueMap(ids), problem);
        var bytes = new ValueMap(answers.Where(it => it.Answer.Seen is { Digest: not null } or { Id: not null })
            .Select(it => KeyValuePair.Create(it.Worker, it.Answer.Seen!.Digest ?? it.Answer.Seen.Id!)));
        return new(image, digest, ValueMap.Empty, problem, bytes.DistinctBy(it => it.Value).Skip(1).Any() ? bytes : null);
    }

    private async Task<ImageAnswer> Ask(string worker, ImageQuestion question, CancellationToken cancel)
    {
        try
        {
            var answer = await workers.Ask(worker, question, cancel);
            if (answer.Problem is { } problem) LogProblem(question.Image, worker, problem);
            return answer;
        }
        catch (NoAnswerException e)
        {
            LogProblem(question.Image, worker, e.Message);
            return new(null, e.Message);
        }
    }

    /// <summary>A worker that has just come, or was just undrained, counts for what a person asks next where there is no other.</summary>
    private async Task<List<Worker>> Usable(CancellationToken cancel)
    {
        var usable = (await Known(cancel)).Where(IsUsable).ToList();
        return usable.Count > 0 ? usable : [.. (await Known(cancel, all.Mark())).Where(IsUsable)];

        static bool IsUsable(Worker worker) => worker is { Health: WorkerHealth.Ready, Draining: false };
    }

    private async Task<ValueList<Worker>> Known(CancellationToken cancel, long since = 0)
    {
        try
        {
            return await all.Current(cancel, since);
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

    [LoggerMessage(LogLevel.Information, "No worker is asked about {Image}: {Problem}")]
    private partial void LogNoLogin(string image, string problem);

    [LoggerMessage(LogLevel.Information, "No worker can be asked about an image: {Error}")]
    private partial void LogNobody(string error);
}
