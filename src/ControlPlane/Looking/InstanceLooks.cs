using System.Threading.Channels;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Streams;

namespace Orchestrator.ControlPlane.Looking;

/// <summary>What instances are and what they use, put together of what the service and the workers tell.</summary>
internal sealed class InstanceLooks(Whereabouts whereabouts, IWorkerLines workers, ActorCalls actors, TimeProvider clock)
{
    private const int AskedAtATime = 16;
    private const int MostWaiting = 64;

    /// <summary>So often it is looked whether the service has come to further workers.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>None when nobody knows the instance.</summary>
    /// <exception cref="NoAnswerException">The service or the registry gives no answer.</exception>
    public async Task<InstanceDetails?> Inspect(InstanceName name, CancellationToken cancel)
    {
        var decided = await whereabouts.Find(name, cancel);
        if ((decided?.Worker ?? await whereabouts.OfKept(name, cancel)) is not { } worker) return null;
        var (seen, note) = await Seen(worker, name, cancel);
        var asked = ServiceNames.Problem(name.Service) is null
            ? await actors.Service(name.Service, master => master.Asked(name.Revision), cancel) : null;
        return new()
        {
            Name = name.ToString(),
            Service = name.Service,
            Worker = worker,
            Instance = decided,
            Restarts = name.Attempt - 1,
            Asked = asked,
            Container = seen?.Container,
            Kept = seen?.Kept ?? false,
            Cause = seen?.Report?.Cause,
            LastLines = seen?.LastLines ?? [],
            Note = note,
        };
    }

    public async Task<bool> Exists(string service, CancellationToken cancel) =>
        await actors.Service(service, master => master.Summary(), cancel) is not null;

    /// <summary>What the running instances of a service use; none when there is no such service.</summary>
    /// <inheritdoc cref="Inspect"/>
    public async Task<ServiceStats?> Stats(string service, CancellationToken cancel)
    {
        if (await actors.Service(service, master => master.Summary(), cancel) is not { } summary) return null;
        List<InstanceStats> all = [];
        List<string> missing = [];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForEachAsync(summary.Workers, atATime, async (worker, stop) =>
        {
            var (stats, why) = await Once(worker, new() { Service = service }, stop);
            lock (all)
            {
                all.AddRange(stats);
                if (why is not null) missing.Add(why);
            }
        });
        return new(
            service, Math.Round(all.Sum(it => it.Cpu), 4), all.Sum(it => it.Memory),
            all.OrderBy(it => it.Instance, StringComparer.Ordinal).ToValueList(), missing.Order(StringComparer.Ordinal).ToValueList());
    }

    /// <summary>What one instance uses; none when it does not run.</summary>
    public async Task<InstanceStats?> Stats(string worker, InstanceName name, CancellationToken cancel)
    {
        var (stats, why) = await Once(worker, new() { Service = name.Service, Instance = name.ToString() }, cancel);
        return why is null ? stats.FirstOrDefault() : throw new NoAnswerException(worker, new HttpRequestException(why));
    }

    /// <summary>Sample by sample, on every worker that has instances of the service, or gets some, until it is gone.</summary>
    public IAsyncEnumerable<InstanceStats> Live(StatsQuestion question, CancellationToken cancel) =>
        Merged.Of<InstanceStats>(MostWaiting, (to, end) => Follow(question, to, end), cancel);

    /// <summary>None when it does not run.</summary>
    /// <exception cref="WorkerRefusedException">It does not run.</exception>
    /// <exception cref="NoAnswerException">Its worker does not answer.</exception>
    public Task<ProcessTable> Processes(string worker, InstanceName name, CancellationToken cancel) =>
        workers.AskOnce<ProcessTable>(worker, WorkerMethods.Top, new InstanceQuestion(name.Service, name.ToString()), cancel);

    private async Task Follow(StatsQuestion question, ChannelWriter<InstanceStats> to, CancellationToken cancel)
    {
        Dictionary<string, Task> passing = new(StringComparer.Ordinal);
        while (await actors.Service(question.Service, master => master.Summary(), cancel) is { } summary)
        {
            foreach (var worker in summary.Workers.Where(it => !passing.TryGetValue(it, out var task) || task.IsCompleted))
                passing[worker] = Pass(worker, question, to, cancel);
            await Task.Delay(LookAgain, clock, cancel);
        }
    }

    /// <summary>Until the worker has ended its answer; it is asked again at the next look.</summary>
    private async Task Pass(string worker, StatsQuestion question, ChannelWriter<InstanceStats> to, CancellationToken cancel)
    {
        try
        {
            await foreach (var stats in workers.Ask<InstanceStats>(worker, WorkerMethods.Stats, question, cancel))
                await to.WriteAsync(stats, cancel);
        }
        catch (Exception e) when (e is NoAnswerException or WorkerRefusedException or OperationCanceledException)
        {
        }
    }

    private async Task<(List<InstanceStats> Stats, string? Why)> Once(string worker, StatsQuestion question, CancellationToken cancel)
    {
        List<InstanceStats> all = [];
        try
        {
            await foreach (var stats in workers.Ask<InstanceStats>(worker, WorkerMethods.Stats, question, cancel)) all.Add(stats);
            return (all, null);
        }
        catch (Exception e) when (e is NoAnswerException or WorkerRefusedException)
        {
            return (all, Words(worker, e));
        }
    }

    private async Task<(InstanceSeen? Seen, string? Note)> Seen(string worker, InstanceName name, CancellationToken cancel)
    {
        try
        {
            var question = new InstanceQuestion(name.Service, name.ToString());
            return (await workers.AskOnce<InstanceSeen>(worker, WorkerMethods.Inspect, question, cancel), null);
        }
        catch (Exception e) when (e is NoAnswerException or WorkerRefusedException)
        {
            return (null, Words(worker, e));
        }
    }

    private static string Words(string worker, Exception e) => e is NoAnswerException ? e.Message : $"{worker}: {e.Message}";
}
