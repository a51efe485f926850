using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Streams;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Logs;

/// <summary>Answers questions for lines, from all containers that an instance or a service has here, kept ones too.</summary>
internal sealed class InstanceLogs(
    IContainerEngine engine, IContainerLogs logs, InstanceBook book, WorkerAgentOptions options, TimeProvider clock)
{
    /// <summary>So many containers are told of, the newest ones.</summary>
    public const int MostContainers = 64;

    private const int ShortId = 12;

    public async IAsyncEnumerable<LogNews> Answer(LogQuestion question, [EnumeratorCancellation] CancellationToken cancel)
    {
        var containers = await Containers(question, cancel);
        yield return new() { Containers = containers.Count };
        var all = question.Follow ? new FollowedLogs(this, book, clock).Lines(question, containers, cancel)
            : SortedMerge.Of(containers.Select(it => Told(it, question, cancel)), news => news.Line!.Time, atOnce: 8, cancel);
        await foreach (var news in all) yield return news;
        yield return new() { End = LogEnd.Complete };
    }

    public async Task<ValueList<Container>> Containers(LogQuestion question, CancellationToken cancel)
    {
        var labels = question.Instance is { } instance ? ContainerLabels.OfInstance(options.Cluster, options.Name, instance)
            : ContainerLabels.Of(options.Cluster, options.Name, question.Service);
        var all = await engine.List(labels, cancel);
        return all.OrderByDescending(it => it.CreatedAt).Take(MostContainers).ToValueList();
    }

    public Task<Container?> Find(Container container, CancellationToken cancel) => engine.Find(container.Id, cancel);

    public static string IdOf(Container container) => container.Id.Length > ShortId ? container.Id[..ShortId] : container.Id;

    /// <summary>What is there; that a log cannot be read is a line too.</summary>
    private async IAsyncEnumerable<LogNews> Told(
        Container container, LogQuestion question, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Where a log ends is told by its last line.
        var onlyWhere = question.Tail == 0;
        var part = new LogPart(question.Since, onlyWhere ? 1 : question.Tail, Follow: false, question.Stream);
        await foreach (var news in Read(container, part, question, cancel)) yield return onlyWhere ? news with { Passed = true } : news;
    }

    /// <summary>The lines of one container that have not been told.</summary>
    public async IAsyncEnumerable<LogNews> Read(
        Container container, LogPart part, LogQuestion question, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (instance, id) = (ContainerLabels.NameIn(container.Labels)?.ToString() ?? container.Name, IdOf(container));
        var told = question.Told.GetValueOrDefault(id);
        if (told is not null) part = part with { Since = Later(part.Since, told.Time), Tail = null };
        var same = 0;
        await using var lines = logs.Read(container.Id, part, cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            LogNews news;
            try
            {
                if (!await lines.MoveNextAsync()) yield break;
                var line = lines.Current;
                if (told is not null && string.CompareOrdinal(line.Time, told.Time) < 0) continue;
                if (told is not null && line.Time == told.Time && ++same <= told.Lines) continue;
                news = new() { Line = LineOf(instance, line), Container = id };
            }
            catch (EngineException e) when (e.Fault != EngineFault.Away)
            {
                news = Note(instance, $"its log cannot be read: {e.Message}");
            }

            yield return news;
            if (news.Line!.Stream == LogStream.Note) yield break;
        }
    }

    public LogNews Note(string instance, string words) => new()
    {
        Line = new() { Instance = instance, Stream = LogStream.Note, Time = LogTimes.Of(clock.GetUtcNow()), Line = words },
    };

    private static LogLine LineOf(string instance, Written line) => new()
    {
        Instance = instance, Stream = line.Stream, Time = line.Time, Line = line.Text, Continued = line.Continued ? true : null,
    };

    private static string Later(string? one, string other) => string.CompareOrdinal(one, other) > 0 ? one! : other;
}
