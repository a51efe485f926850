using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Client;
using Orchestrator.Client.Events;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Live;

namespace Orchestrator.Dashboard.Cluster;

/// <summary>
/// Keeps a picture: everything is read once, then what events are about; the list again and again, which shows what else has changed.
/// After a gap in the events everything is read anew.
/// </summary>
internal sealed class ClusterWatch(OrchestratorClient client, TimeProvider clock)
{
    private const int AtATime = 6;
    private static readonly TimeSpan ListEvery = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset begun = clock.GetUtcNow();
    private Dictionary<string, ServiceSummary> listed = [];
    private long? listedAt;

    /// <summary>The same again, whenever something has changed.</summary>
    public async IAsyncEnumerable<ClusterPicture> Pictures([EnumeratorCancellation] CancellationToken cancel)
    {
        var picture = ClusterPicture.Empty;
        await foreach (var beat in new Pulse(client, clock) { After = EventsApi.FromStart, AtLeastEvery = ListEvery }.Beats(cancel))
        {
            // What was before is known by what is read; it is only shown.
            picture = beat.Where(IsPast).Aggregate(picture, (it, next) => it.Remembering(next));
            var told = beat.Where(it => !IsPast(it)).ToList();
            if (told.Count > 0)
            {
                picture = told.Aggregate(picture, (it, next) => it.After(next));
                yield return picture;
            }

            if (told.Any(it => it.Kind == EventKind.Gap)) listed = [];
            HashSet<string> due = [.. told.Select(it => it.Service).OfType<string>()];
            if (listedAt is not { } at || clock.GetElapsedTime(at) >= ListEvery || told.Any(it => it.Kind != EventKind.Health))
            {
                var services = await client.Services.List(cancel: cancel).ToListAsync(cancel);
                listedAt = clock.GetTimestamp();
                due.UnionWith(services.Where(it => !it.Equals(listed.GetValueOrDefault(it.Name))).Select(it => it.Name));
                listed = services.ToDictionary(it => it.Name, StringComparer.Ordinal);
                picture = picture.With(services);
            }

            await foreach (var (name, service) in Read(due, cancel))
                picture = service is null ? picture.Without(name) : picture.With(service);
            yield return picture;
        }
    }

    private bool IsPast(ClusterEvent it) => it.At < begun;

    private async IAsyncEnumerable<(string Name, ServiceView? Service)> Read(
        IReadOnlyCollection<string> names, [EnumeratorCancellation] CancellationToken cancel)
    {
        var answers = Channel.CreateUnbounded<(string, ServiceView?)>();
        var reading = Parallel.ForEachAsync(
            names, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel },
            async (name, end) => await answers.Writer.WriteAsync((name, await Find(name, end)), end))
            .ContinueWith(it => answers.Writer.Complete(it.Exception?.InnerException), TaskScheduler.Default);
        await foreach (var answer in answers.Reader.ReadAllAsync(cancel)) yield return answer;
        await reading;
    }

    /// <summary>One whose record cannot be read is listed, and the list says why.</summary>
    private async Task<ServiceView?> Find(string name, CancellationToken cancel)
    {
        try
        {
            return await client.Services.Get(name, cancel);
        }
        catch (ProblemException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}
