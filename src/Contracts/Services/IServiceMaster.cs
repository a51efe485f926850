using Dapr.Actors;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>The actor of one service; its id is the service's name. Turns are short and wait for no container.</summary>
public interface IServiceMaster : IActor
{
    Task<ServiceAnswer> Change(ServiceChangeRequest request);

    Task<ServiceAnswer> Get();

    /// <summary>What happened to the service, oldest first, bounded; none when there is no such service.</summary>
    Task<ValueList<HistoryEvent>?> History();

    /// <summary>Observations of one worker; costs no write unless they change a decision.</summary>
    Task Report(ServiceReport report);

    /// <summary>Something around the service changed (a worker was lost or has room): decide again.</summary>
    Task LookAgain(string why);

    /// <summary>A worker refused an order.</summary>
    Task Refused(OrderRefused refused);
}

/// <param name="Id">Names the request: asked again after a lost answer, it is not carried out twice.</param>
public sealed record ServiceChangeRequest(string Id, ServiceChange Change, bool DryRun = false);

public sealed record OrderRefused(string Instance, string Worker, OrderAnswer Answer);
