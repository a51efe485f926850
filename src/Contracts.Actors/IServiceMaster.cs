using Dapr.Actors;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Contracts.Actors;

/// <summary>The actor of one service; its id is the service's name. Turns are short and wait for no container.</summary>
public interface IServiceMaster : IActor
{
    Task<ServiceAnswer> Change(ServiceChangeRequest request);

    Task<ServiceAnswer> Get();

    /// <summary>A line of the list of services; none when there is no such service.</summary>
    Task<ServiceSummary?> Summary();

    /// <summary>
    /// Why each instance is where it is, for a page of slots that begins at a number; none when there is no such service.
    /// </summary>
    Task<ServiceExplanation?> Explain(int fromSlot);

    /// <summary>What happened to the service and which revisions it can return to; none when there is no such service.</summary>
    Task<ServiceHistory?> History();

    /// <summary>The steps that draining a worker would cause here; none when there is no such service.</summary>
    Task<DrainPlan?> PlanDrain(DrainQuestion question);

    /// <summary>What keeps a draining worker from being empty of this service, a sentence for each instance.</summary>
    Task<ValueList<string>> Holding(string worker);

    /// <summary>Observations of one worker; costs no write unless they change a decision.</summary>
    Task Report(ServiceReport report);

    /// <summary>Something around the service changed (a worker was lost or has room): decide again.</summary>
    Task LookAgain(string why);

    /// <summary>A worker refused an order.</summary>
    Task Refused(OrderRefused refused);

    /// <summary>The secrets and configs of an instance, for the worker that is to run it and for no other.</summary>
    Task<ContentsAnswer> Contents(ContentsQuestion question);

    /// <summary>The container that a revision asks for; none when there is no such service, or the revision is no longer kept.</summary>
    Task<ContainerSpec?> Asked(int revision);

    /// <summary>How a worker logs in to pull an image of this service; asked at every pull.</summary>
    Task<CredentialsAnswer> Credentials(CredentialsQuestion question);

    /// <summary>
    /// The images, as references and by their bytes, that a worker must keep for this service: those of the revision in force and of the
    /// one before, among others. None when there is no such service.
    /// </summary>
    Task<ValueList<string>> NeededImages(string worker);

    /// <summary>The volumes with a name that slots have or would take again; none when there is no such service.</summary>
    Task<ValueList<HeldVolume>> HeldVolumes();
}
