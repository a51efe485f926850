using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The actor behind <c>GET /members</c>; the <see cref="RegistryKeeper"/> does the work.</summary>
internal sealed class MemberRegistry(
    ActorHost host, DaprClient dapr, StoreHealth health, IAlarm alarm, IEvents events, ControlPlaneOptions options,
    ControlPlaneMetrics metrics, TimeProvider clock, ILogger<RegistryKeeper> log)
    : MeasuredActor(host, metrics, clock), IMemberRegistry
{
    /// <summary>Renewals wait meanwhile, and each of those waits little more than a beat for its answer.</summary>
    private static readonly TimeSpan StoreDeadline = TimeSpan.FromSeconds(1);

    private readonly RegistryKeeper keeper = new(
        new StoredRecord<MemberRecord>(dapr, $"members-{host.Id.GetId()}", health, clock, metrics, StoreDeadline),
        alarm, events, options, clock, log);

    public Task<LeaseAnswer> Renew(WorkerReport report) => keeper.Renew(report);

    public Task RenewMaster(MasterReport report) => keeper.RenewMaster(report);

    public Task<MemberList> Members() => keeper.Members();

    public Task<ValueList<WorkerImages>> Images(ValueList<string> workers) => keeper.Images(workers);

    public Task<ValueList<Worker>> Workers(ValueList<string> holding) => keeper.Workers(holding);

    public Task<bool> SetDraining(DrainWish wish) => keeper.SetDraining(wish);

    public Task WaitsForRoom(string service) => keeper.WaitsForRoom(service);

    public Task<bool> TakeBackup(TimeSpan every) => keeper.TakeBackup(every);

    public Task BackupFailed() => keeper.BackupFailed();

    public Task OrderFailed(string worker, string service, string why) => keeper.OrderFailed(worker, service, why);

    public Task OverruleBrake() => keeper.OverruleBrake();

    public Task<ValueList<string>> ConfirmLoss(LossConfirmation confirmation) => keeper.ConfirmLoss(confirmation);
}
