using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Where a service can be reached, for who has no Consul; and whenever that changes.</summary>
internal static class EndpointsApi
{
    public static IEndpointRouteBuilder MapEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services/{name}/endpoints", Get).AlsoHead().WithTags("Services").As(new(
            "GetEndpoints", "Where the service can be reached: the ports of instances that run, are healthy and in rotation")
        {
            Answers =
            [
                new(StatusCodes.Status200OK, typeof(ServiceEndpoints), "All that can be reached now."),
                new(StatusCodes.Status200OK, typeof(ServiceEndpoints), "The same again, whole, whenever it changes.", "watch")
                {
                    Types = [EventStream<ServiceEndpoints>.Type],
                },
            ],
            Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
        });
        return routes;
    }

    private static async Task<IResult> Get(
        string name, ActorCalls actors, EventFeed feed, IEventCalls calls, TimeProvider clock, CancellationToken cancel, bool watch = false)
    {
        if (ServiceNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        if (!watch) return await Ask(name, actors, cancel) is { } now ? TypedResults.Ok(now) : ServiceCalls.Unknown(name);
        if (feed.IsFull) return EventsApi.Full();
        var reading = new EventReading(feed, calls, name, clock);
        var from = await reading.Now(cancel);
        return await Ask(name, actors, cancel) is { } first
            ? new EventStream<ServiceEndpoints>(end => Watch(first, reading, from, actors, end)) : ServiceCalls.Unknown(name);
    }

    /// <summary>None when there is no such service.</summary>
    private static async Task<ServiceEndpoints?> Ask(string name, ActorCalls actors, CancellationToken cancel) =>
        (await actors.Service(name, master => master.Get(), cancel)).Service is { } service ? Endpoints.Of(service) : null;

    /// <summary>Every event of the service may change it, and every sign of life is a chance to see what was missed.</summary>
    private static async IAsyncEnumerable<EventStream<ServiceEndpoints>.Item> Watch(
        ServiceEndpoints last, EventReading reading, EventMark from, ActorCalls actors, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return Told(last);
        await foreach (var it in reading.After(from, cancel))
        {
            if (it is { Event: not null, IsLast: false }) continue;
            if (await Changed(last, actors, cancel) is { } next) yield return Told(last = next);
            else if (it.Event is null) yield return new(null, null, null);
        }
    }

    private static async Task<ServiceEndpoints?> Changed(ServiceEndpoints last, ActorCalls actors, CancellationToken cancel)
    {
        try
        {
            var now = await Ask(last.Service, actors, cancel) ?? new(last.Service, Observed: true, []);
            return now == last ? null : now;
        }
        catch (NoAnswerException)
        {
            return null;
        }
    }

    private static EventStream<ServiceEndpoints>.Item Told(ServiceEndpoints now) => new(null, "endpoints", now);
}
