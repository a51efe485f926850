using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Looking;

/// <summary>On which workers there is something to look at.</summary>
internal sealed class Whereabouts(ActorCalls actors, IWorkerLines workers)
{
    private const int AskedAtATime = 16;

    /// <summary>
    /// Workers that may have containers of a service: all that answer, for what has ended is kept where no decision speaks of it any more.
    /// None when there is no such service.
    /// </summary>
    /// <exception cref="NoAnswerException">The service or the registry gives no answer.</exception>
    public async Task<ValueList<string>?> OfService(string service, CancellationToken cancel) =>
        await actors.Service(service, master => master.Summary(), cancel) is null ? null : await All(cancel);

    /// <summary>The worker that has an instance, or what is kept of it; none when nobody has.</summary>
    /// <inheritdoc cref="OfService"/>
    public async Task<string?> OfInstance(InstanceName name, CancellationToken cancel) =>
        await Find(name, cancel) is { } decided ? decided.Worker : await OfKept(name, cancel);

    /// <summary>The worker that has what is left of an instance of which no decision speaks; none when nobody has.</summary>
    /// <inheritdoc cref="OfService"/>
    public async Task<string?> OfKept(InstanceName name, CancellationToken cancel)
    {
        string? holder = null;
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForEachAsync(await All(cancel), atATime, async (worker, stop) =>
        {
            if (holder is null && await Has(worker, name, stop)) holder = worker;
        });
        return holder;
    }

    /// <summary>An instance of which a decision speaks, as the service tells it; none when none does.</summary>
    /// <inheritdoc cref="OfService"/>
    public async Task<InstanceView?> Find(InstanceName name, CancellationToken cancel)
    {
        if (ServiceNames.Problem(name.Service) is not null) return null;
        var answer = await actors.Service(name.Service, master => master.Get(), cancel);
        return answer.Service?.Instances.FirstOrDefault(it => it.Name == name.ToString());
    }

    public async Task<ValueList<string>> All(CancellationToken cancel) =>
        (await actors.Registry(registry => registry.Members(), cancel)).Members
            .Where(it => it.Role == MemberRole.Worker && it.Status != WorkerHealth.Lost).Select(it => it.Name).ToValueList();

    /// <summary>A worker that does not answer has nothing as far as anybody can tell.</summary>
    private async Task<bool> Has(string worker, InstanceName name, CancellationToken cancel)
    {
        var question = new LogQuestion { Service = name.Service, Instance = name.ToString(), Tail = 0 };
        try
        {
            await foreach (var news in workers.Ask<LogNews>(worker, WorkerMethods.Logs, question, cancel)) return news.Containers > 0;
        }
        catch (Exception e) when (e is NoAnswerException or WorkerRefusedException)
        {
        }

        return false;
    }
}
