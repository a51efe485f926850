using Dapr;
using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// The actor of one service: Dapr gives it one call at a time and a place to live; the <see cref="ServiceKeeper"/> does the rest.
/// </summary>
internal sealed partial class ServiceMaster : MeasuredActor, IServiceMaster, IRemindable
{
    private readonly ServiceKeeper keeper;
    private readonly ILogger<ServiceKeeper> log;

    public ServiceMaster(
        ActorHost host, DaprClient dapr, StoreHealth health, ServicePorts ports, ControlPlaneOptions options, ControlPlaneMetrics metrics,
        TimeProvider clock, ILogger<ServiceKeeper> log)
        : base(host, metrics, clock)
    {
        this.log = log;
        var name = host.Id.GetId();
        var store = new StoredRecord<ServiceRecord>(dapr, StoredServices.Key(name), health, clock, metrics);
        keeper = new ServiceKeeper(name, store, ports, options, clock, log)
        {
            Decided = (situation, plan) => metrics.Placed(plan.PlacedSince(situation.Record).Count()),
        };
    }

    public Task<ServiceAnswer> Change(ServiceChangeRequest request) => keeper.Change(request);

    public Task<ServiceAnswer> Get() => keeper.Get();

    public Task<ServiceSummary?> Summary() => keeper.Summary();

    public Task<ServiceExplanation?> Explain(int fromSlot) => keeper.Explain(fromSlot);

    public Task<ServiceHistory?> History() => keeper.History();

    public Task<DrainPlan?> PlanDrain(DrainQuestion question) => keeper.PlanDrain(question);

    public Task<ValueList<string>> Holding(string worker) => keeper.Holding(worker);

    public Task Report(ServiceReport report) => keeper.Report(report);

    public Task LookAgain(string why) => keeper.LookAgain(why);

    public Task Refused(OrderRefused refused) => keeper.Refused(refused);

    public Task<ContentsAnswer> Contents(ContentsQuestion question) => keeper.Contents(question);

    public Task<ContainerSpec?> Asked(int revision) => keeper.Asked(revision);

    public Task<CredentialsAnswer> Credentials(CredentialsQuestion question) => keeper.Credentials(question);

    public Task<ValueList<string>> NeededImages(string worker) => keeper.NeededImages(worker);

    public Task<ValueList<HeldVolume>> HeldVolumes() => keeper.HeldVolumes();

    /// <summary>Services had a reminder each once; what is left of those goes when it comes.</summary>
    public async Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        try
        {
            await UnregisterReminderAsync(reminderName);
        }
        catch (Exception e) when (e is DaprException or HttpRequestException)
        {
            LogReminderStays(Id.GetId(), e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A reminder of {Service} that is of no use any more could not be removed: {Error}")]
    private partial void LogReminderStays(string service, string error);
}
