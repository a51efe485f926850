using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Events;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The actor behind <c>GET /events</c>; the <see cref="EventKeeper"/> does the work.</summary>
internal sealed class EventLog : MeasuredActor, IEventLog
{
    private readonly EventKeeper keeper;

    public EventLog(ActorHost host, DaprClient dapr, StoreHealth health, ControlPlaneMetrics metrics, TimeProvider clock)
        : base(host, metrics, clock)
    {
        var key = $"events-{host.Id.GetId()}";
        keeper = new EventKeeper(Of<EventRecord>(key), first => Of<EventSegment>($"{key}-{first}"), Of<ToldRecord>($"{key}-told"));

        IStoredRecord<T> Of<T>(string at) where T : class => new StoredRecord<T>(dapr, at, health, clock, metrics);
    }

    public Task Tell(EventNews news) => keeper.Tell(news);

    public Task<EventPage> Page(EventQuestion question) => keeper.Page(question);
}
