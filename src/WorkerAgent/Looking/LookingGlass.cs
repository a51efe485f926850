using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Logs;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Looking;

/// <summary>Answers what masters ask about the inside of instances.</summary>
internal sealed class LookingGlass(
    IContainerEngine engine, IEngineView view, InstanceBook book, InstanceLogs logs, WorkerAgentOptions options, TimeProvider clock)
{
    private const int MostLines = 20;
    private const int AtOnce = 8;

    /// <summary>Samples after which an answer is long enough.</summary>
    private const int MostSamples = 2000;

    /// <summary>Between the first two samples; less would be mostly noise.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>None when nothing of the instance is here.</summary>
    public async Task<InstanceSeen?> Inspect(InstanceQuestion question, CancellationToken cancel)
    {
        var known = book.Find(question.Instance);
        var container = await ContainerOf(question, cancel);
        if (known is null && container is null) return null;
        var details = container is null ? null : await view.Inspect(container.Id, cancel);
        var isWrong = known is not null ? known is { Live: false, Observed.ExitCode: not 0 } : details is { ExitCode: not (null or 0) };
        return new(
            known?.Report, details, container is not null && KeptContainers.IsKept(container),
            container is not null && isWrong ? await LastLines(question, cancel) : []);
    }

    /// <summary>None when it does not run here.</summary>
    public async Task<ProcessTable?> Processes(InstanceQuestion question, CancellationToken cancel) =>
        await ContainerOf(question, cancel) is { State: ContainerState.Running or ContainerState.Paused } container
            ? await view.Processes(container.Id, cancel) : null;

    /// <summary>What running instances use: one round of samples, or one after the other.</summary>
    public async IAsyncEnumerable<InstanceStats> Stats(StatsQuestion question, [EnumeratorCancellation] CancellationToken cancel)
    {
        var before = await Samples(question, cancel);
        var pause = FirstPause;
        for (var told = 0; told < MostSamples;)
        {
            await Task.Delay(pause, clock, cancel);
            var now = await Samples(question, cancel);
            foreach (var (id, (instance, sample)) in now.OrderBy(it => it.Value.Instance, StringComparer.Ordinal))
            {
                if (!before.TryGetValue(id, out var last) || sample.At <= last.Sample.At) continue;
                yield return StatsOf(instance, last.Sample, sample);
                told++;
            }

            if (!question.Follow) yield break;
            (before, pause) = (now, question.Every);
            // So that an answer without anybody in it ends as well.
            told++;
        }
    }

    private InstanceStats StatsOf(string instance, Sample before, Sample now) => new()
    {
        Instance = instance,
        Worker = options.Name,
        At = now.At,
        Cpu = Math.Round(Math.Max(0, (now.CpuTime - before.CpuTime) / (now.At - before.At)), 4),
        Memory = now.Memory,
        MemoryLimit = now.MemoryLimit,
        NetworkReceived = now.Received,
        NetworkSent = now.Sent,
        BlockRead = now.Read,
        BlockWritten = now.Written,
        Processes = now.Processes,
    };

    private async Task<Dictionary<string, (string Instance, Sample Sample)>> Samples(StatsQuestion question, CancellationToken cancel)
    {
        var all = await logs.Containers(new LogQuestion { Service = question.Service, Instance = question.Instance }, cancel);
        var samples = new ConcurrentDictionary<string, (string, Sample)>(StringComparer.Ordinal);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        var live = all.Where(it => it.State is ContainerState.Running or ContainerState.Paused);
        await Parallel.ForEachAsync(live, atOnce, async (it, stop) =>
        {
            try
            {
                if (await view.Use(it.Id, stop) is { } sample && ContainerLabels.NameIn(it.Labels) is { } name)
                    samples[it.Id] = (name.ToString(), sample);
            }
            catch (EngineException e) when (e.Fault is EngineFault.NoContainer or EngineFault.Refused)
            {
                // It has just ended.
            }
        });
        return samples.ToDictionary();
    }

    /// <summary>The one that lives, or else the one that was kept last.</summary>
    private async Task<Container?> ContainerOf(InstanceQuestion question, CancellationToken cancel)
    {
        var all = await engine.List(ContainerLabels.OfInstance(options.Cluster, options.Name, question.Instance), cancel);
        return all.OrderBy(KeptContainers.IsKept).ThenByDescending(it => it.CreatedAt).FirstOrDefault();
    }

    private async Task<ValueList<LogLine>> LastLines(InstanceQuestion question, CancellationToken cancel)
    {
        var tail = new LogQuestion { Service = question.Service, Instance = question.Instance, Tail = MostLines };
        List<LogLine> lines = [];
        await foreach (var news in logs.Answer(tail, cancel))
        {
            if (news.Line is { } line) lines.Add(line);
        }

        return lines.TakeLast(MostLines).ToValueList();
    }
}
