using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.Testing;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// What Dapr's placement does: each actor lives on one master, and moves when that one dies. An old activation may linger.
/// </summary>
internal sealed class SimulatedActors(SimulatedCluster cluster)
{
    public Actor<ServiceKeeper> Service { get; } = new(master => new ServiceKeeper(
        SimulatedCluster.Service, cluster.Store.Of<ServiceRecord>(SimulatedCluster.ServiceKey, master.Process),
        master.Ports, master.Options, master.Process.Clock, master.Log<ServiceKeeper>()) { Decided = cluster.Check });

    public Actor<RegistryKeeper> Registry { get; } = new(master => new RegistryKeeper(
        cluster.Store.Of<MemberRecord>("members", master.Process), master.Alarms, master.Ports.Events, master.Options,
        master.Process.Clock, master.Log<RegistryKeeper>()));

    public Actor<DirectoryKeeper> Directory { get; } = new(master => new DirectoryKeeper(
        cluster.Store.Of<DirectoryRecord>("services", master.Process), cluster.Reminder, master.Alarms, master.Options,
        master.Process.Clock));

    public Actor<EventKeeper> Events { get; } = new(master => new EventKeeper(
        cluster.Store.Of<EventRecord>("events", master.Process),
        first => cluster.Store.Of<EventSegment>($"events-{first}", master.Process),
        cluster.Store.Of<ToldRecord>("events-told", master.Process)));

    /// <summary>Places what lives nowhere, and what lives on a master that is gone.</summary>
    public void PlaceOn(SimulatedMaster master)
    {
        Service.MoveIfHomeless(master);
        Registry.MoveIfHomeless(master);
        Directory.MoveIfHomeless(master);
        Events.MoveIfHomeless(master);
    }

    /// <summary>One actor: a home, and at most one activation there.</summary>
    internal sealed class Actor<TKeeper>(Func<SimulatedMaster, TKeeper> activate)
        where TKeeper : class
    {
        private SimulatedMaster? home;
        private Activation? activation;

        public TKeeper? Keeper => activation?.Keeper;

        public SimulatedMaster? Home => home;

        /// <summary>A call from any process, one turn at a time; refused while the actor has no home.</summary>
        public Task<T> Call<T>(
            SimulatedProcess from, Network network, Func<TKeeper, Task<T>> call, Func<Exception, Exception>? told = null)
        {
            if (home is not { Process.Alive: true } master) return Task.FromException<T>(new HttpRequestException("the actor has no host"));
            return network.Ask(from, master.Process, () =>
            {
                // A call that was under way while the actor moved reaches whoever it was sent to.
                if (home == master) activation ??= new Activation(activate(master));
                return activation is { } here ? here.Turn(call) : Task.FromException<T>(new HttpRequestException("the actor is not here"));
            }, told);
        }

        /// <summary>Moves the actor; what is left of it at its old home is the answer.</summary>
        public Activation? MoveTo(SimulatedMaster master)
        {
            var left = activation;
            (home, activation) = (master, null);
            return left;
        }

        public void MoveIfHomeless(SimulatedMaster master)
        {
            if (home is not { Process.Alive: true }) MoveTo(master);
        }

        /// <summary>The keeper of one activation, and its turns one after the other.</summary>
        internal sealed class Activation(TKeeper keeper)
        {
            private readonly Gate turns = new(1);

            public TKeeper Keeper => keeper;

            public Task<T> Turn<T>(Func<TKeeper, Task<T>> call) => turns.Inside(() => call(keeper), CancellationToken.None);
        }
    }
}
