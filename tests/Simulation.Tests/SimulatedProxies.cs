using Dapr.Actors;
using Dapr.Actors.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Testing;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// What a process's Dapr client gives it: proxies that call the keepers over the simulated network and fail as Dapr's do.
/// </summary>
internal sealed class SimulatedProxies(SimulatedCluster cluster, SimulatedProcess from) : IActorProxyFactory
{
    public TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
        where TActorInterface : IActor => (TActorInterface)CreateActorProxy(actorId, typeof(TActorInterface), actorType, options);

    public object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null) =>
        actorInterfaceType == typeof(IServiceMaster) ? new Service(cluster, from)
        : actorInterfaceType == typeof(IMemberRegistry) ? new Registry(cluster, from)
        : actorInterfaceType == typeof(IEventLog) ? new Events(cluster, from)
        : new Directory(cluster, from);

    public ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null) =>
        throw new NotSupportedException("only typed calls are made");

    private static Task<T> Call<TKeeper, T>(
        SimulatedCluster cluster, SimulatedProcess from, SimulatedActors.Actor<TKeeper> actor, Func<TKeeper, Task<T>> call)
        where TKeeper : class => actor.Call(from, cluster.Network, call, AsDaprTellsIt);

    private static Exception AsDaprTellsIt(Exception e) => e is HttpRequestException ? e
        : new ActorMethodInvocationException(e.Message, new ActorInvokeException(e.GetType().FullName!, e.Message), isTransient: false);

    private sealed class Service(SimulatedCluster cluster, SimulatedProcess from) : IServiceMaster
    {
        public Task<ServiceAnswer> Change(ServiceChangeRequest request) => Ask(keeper => keeper.Change(request));

        public Task<ServiceAnswer> Get() => Ask(keeper => keeper.Get());

        public Task<ServiceSummary?> Summary() => Ask(keeper => keeper.Summary());

        public Task<ServiceExplanation?> Explain(int fromSlot) => Ask(keeper => keeper.Explain(fromSlot));

        public Task<ServiceHistory?> History() => Ask(keeper => keeper.History());

        public Task<DrainPlan?> PlanDrain(DrainQuestion question) => Ask(keeper => keeper.PlanDrain(question));

        public Task<ValueList<string>> Holding(string worker) => Ask(keeper => keeper.Holding(worker));

        public Task Report(ServiceReport report) => Tell(keeper => keeper.Report(report));

        public Task LookAgain(string why) => Tell(keeper => keeper.LookAgain(why));

        public Task Refused(OrderRefused refused) => Tell(keeper => keeper.Refused(refused));

        public Task<ContentsAnswer> Contents(ContentsQuestion question) => Ask(keeper => keeper.Contents(question));

        public Task<CredentialsAnswer> Credentials(CredentialsQuestion question) => Ask(keeper => keeper.Credentials(question));

        public Task<ValueList<HeldVolume>> HeldVolumes() => Ask(keeper => keeper.HeldVolumes());

        public Task<ValueList<string>> NeededImages(string worker) => Ask(keeper => keeper.NeededImages(worker));

        public Task<Contracts.Services.ContainerSpec?> Asked(int revision) => Ask(keeper => keeper.Asked(revision));

        private Task<T> Ask<T>(Func<ServiceKeeper, Task<T>> call) => Call(cluster, from, cluster.Actors.Service, call);

        private Task<bool> Tell(Func<ServiceKeeper, Task> call) => Ask(async keeper => { await call(keeper); return true; });
    }

    private sealed class Registry(SimulatedCluster cluster, SimulatedProcess from) : IMemberRegistry
    {
        public Task<LeaseAnswer> Renew(WorkerReport report) => Ask(keeper => keeper.Renew(report));

        public Task RenewMaster(MasterReport report) => Tell(keeper => keeper.RenewMaster(report));

        public Task<MemberList> Members() => Ask(keeper => keeper.Members());

        public Task<ValueList<Worker>> Workers(ValueList<string> holding) => Ask(keeper => keeper.Workers(holding));

        public Task<ValueList<WorkerImages>> Images(ValueList<string> workers) => Ask(keeper => keeper.Images(workers));

        public Task<bool> SetDraining(DrainWish wish) => Ask(keeper => keeper.SetDraining(wish));

        public Task WaitsForRoom(string service) => Tell(keeper => keeper.WaitsForRoom(service));

        public Task<bool> TakeBackup(TimeSpan every) => Ask(keeper => keeper.TakeBackup(every));

        public Task BackupFailed() => Tell(keeper => keeper.BackupFailed());

        public Task OrderFailed(string worker, string service, string why) => Tell(keeper => keeper.OrderFailed(worker, service, why));

        public Task OverruleBrake() => Tell(keeper => keeper.OverruleBrake());

        public Task<ValueList<string>> ConfirmLoss(LossConfirmation confirmation) => Ask(keeper => keeper.ConfirmLoss(confirmation));

        private Task<T> Ask<T>(Func<RegistryKeeper, Task<T>> call) => Call(cluster, from, cluster.Actors.Registry, call);

        private Task<bool> Tell(Func<RegistryKeeper, Task> call) => Ask(async keeper => { await call(keeper); return true; });
    }

    private sealed class Events(SimulatedCluster cluster, SimulatedProcess from) : IEventLog
    {
        public Task Tell(EventNews news) => Ask(async keeper => { await keeper.Tell(news); return true; });

        public Task<EventPage> Page(EventQuestion question) => Ask(keeper => keeper.Page(question));

        private Task<T> Ask<T>(Func<EventKeeper, Task<T>> call) => Call(cluster, from, cluster.Actors.Events, call);
    }

    private sealed class Directory(SimulatedCluster cluster, SimulatedProcess from) : IServiceDirectory
    {
        public Task<ValueList<string>> Names() => Ask(keeper => keeper.Names());

        public Task<DirectoryPage> List(DirectoryQuestion question) => Ask(keeper => keeper.List(question));

        public Task<DirectoryAnswer> Tell(DirectoryNews news) => Ask(keeper => keeper.Tell(news));

        public Task<DirectoryAnswer> Round(DirectoryRound round) => Ask(keeper => keeper.Round(round));

        private Task<T> Ask<T>(Func<DirectoryKeeper, Task<T>> call) => Call(cluster, from, cluster.Actors.Directory, call);
    }
}
