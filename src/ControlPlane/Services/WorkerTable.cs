using System.Collections.Concurrent;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// The workers as the services of this master see them: the registry's answer, asked for at most every so often, with what this master has
/// placed since a worker's last report already counted, so that services placed at the same time do not all herd on one idle worker.
/// </summary>
internal sealed class WorkerTable(IRegistryCalls registry, TimeProvider clock) : IWorkers
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    private readonly Gate asking = new(1);
    private readonly ImageLists images = new(registry);
    private readonly ConcurrentQueue<OnTheWay> onTheWay = new();
    private readonly ConcurrentDictionary<string, int> holdersWanted = new(StringComparer.Ordinal);
    private ValueList<string> holdersKnown = [];
    private ValueList<Worker> last = [];
    private DateTimeOffset lastAt = DateTimeOffset.MinValue;

    /// <summary>How many questions have begun, and which of them was answered last.</summary>
    private long begun, answered;
    private DateTimeOffset answeredAt = DateTimeOffset.MinValue;

    private sealed record OnTheWay(string Worker, ResourceAmount Reserve, DateTimeOffset At);

    /// <summary>What the registry answered last.</summary>
    public ValueList<Worker> Known => last;

    public long Mark() => Interlocked.Read(ref begun) + 1;

    /// <summary>Many may have wanted a fresh look while one was taken: the next one serves them all.</summary>
    public Task<ValueList<Worker>> Current(CancellationToken cancel, long since = 0) => asking.Inside(async () =>
    {
        if (answered < since || clock.GetUtcNow() - lastAt > MaxAge) await Ask(cancel);
        return WithOnTheWay(last);
    }, cancel);

    /// <summary>Many may want to know it of their services at the same time: one question serves them all.</summary>
    public async Task<ValueList<string>> Holders(string service, CancellationToken cancel, long since = 0)
    {
        holdersWanted.AddOrUpdate(service, 1, (_, askers) => askers + 1);
        try
        {
            return await asking.Inside(async () =>
            {
                if (answered < since || !holdersKnown.Contains(service)) await Ask(cancel);
                return last.Where(worker => worker.Holds.Contains(service)).Select(worker => worker.Name).ToValueList();
            }, cancel);
        }
        finally
        {
            if (holdersWanted.AddOrUpdate(service, 0, (_, askers) => askers - 1) == 0) holdersWanted.TryRemove(new(service, 0));
        }
    }

    public void Placed(string worker, ResourceAmount reserve) => onTheWay.Enqueue(new OnTheWay(worker, reserve, clock.GetUtcNow()));

    public Task WaitForRoom(string service) => registry.WaitForRoom(service);

    public async Task AskByLease(string worker, string service)
    {
        try
        {
            await registry.OrderFailed(worker, service, $"to tell what it has of {service}", CancellationToken.None);
        }
        catch (NoAnswerException)
        {
            // The roll is called again.
        }
    }

    /// <summary>While the registry itself moves to another master, its last answer serves for a few seconds.</summary>
    private async Task Ask(CancellationToken cancel)
    {
        var question = Interlocked.Increment(ref begun);
        try
        {
            var holding = holdersWanted.Keys.ToValueList();
            var workers = await registry.Workers(holding, cancel);
            (lastAt, answered, holdersKnown) = (answeredAt = clock.GetUtcNow(), question, holding);
            // Clocks of two machines are never compared: an age is the same by any of them.
            last = workers.Select(it => it.Age is { } age ? it with { ReportedAt = lastAt - age } : it).ToValueList();
            DropReported();
            last = await images.AddTo(last, cancel);
        }
        catch (NoAnswerException) when (clock.GetUtcNow() - answeredAt < GoodFor && holdersWanted.IsEmpty)
        {
            (lastAt, answered) = (clock.GetUtcNow(), question);
        }
    }

    private void DropReported()
    {
        var reportedAt = last.ToDictionary(worker => worker.Name, worker => worker.ReportedAt, StringComparer.Ordinal);
        while (onTheWay.TryPeek(out var oldest)
            && !(reportedAt.TryGetValue(oldest.Worker, out var at) && at < oldest.At)) onTheWay.TryDequeue(out _);
    }

    private ValueList<Worker> WithOnTheWay(ValueList<Worker> workers)
    {
        if (onTheWay.IsEmpty) return workers;
        var pending = onTheWay.ToLookup(placed => placed.Worker, StringComparer.Ordinal);
        return workers.Select(worker => pending[worker.Name].Where(placed => placed.At > worker.ReportedAt)
            .Aggregate(worker, (seen, placed) => seen.Expecting(placed.Reserve))).ToValueList();
    }
}
