using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Events;

namespace Orchestrator.ControlPlane.Api;

/// <summary>What changes, as it changes. Any master tells all of it, and goes on where another one has ended.</summary>
internal static class EventsApi
{
    private const string FromStart = "start";

    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", All).AlsoHead().WithTags("Events").As(Told(
            "FollowEvents", "What changes in the cluster, as server-sent events; goes on after Last-Event-ID"));
        routes.MapGet("/services/{name}/events", OfService).AlsoHead().WithTags("Events").As(Told(
            "FollowServiceEvents", "The same of one service") with
        {
            Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
        });
        return routes;
    }

    private static DescribedRoute Told(string id, string summary) => new(id, summary)
    {
        Answers = [new(StatusCodes.Status200OK, typeof(ClusterEvent), "Events without an end; the data of each is such an object.")
        {
            Types = [EventStream<ClusterEvent>.Type],
        }],
        IsResumed = true,
    };

    private static Task<IResult> All(
        HttpRequest request, EventFeed feed, IEventCalls calls, TimeProvider clock, CancellationToken cancel, string? lastEventId = null,
        bool follow = true) =>
        Tell(new EventReading(feed, calls, service: null, clock), request, feed, lastEventId, follow, cancel);

    private static async Task<IResult> OfService(
        string name, HttpRequest request, ActorCalls actors, EventFeed feed, IEventCalls calls, TimeProvider clock,
        CancellationToken cancel, string? lastEventId = null, bool follow = true)
    {
        if (ServiceNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        // Who comes back, or wants to hear what has been, may do so of a service that is gone.
        var isNew = lastEventId is null && request.Headers[DescribedParameters.LastEventId].Count == 0;
        if (isNew && await actors.Service(name, master => master.Summary(), cancel) is null) return ServiceCalls.Unknown(name);
        return await Tell(new EventReading(feed, calls, name, clock), request, feed, lastEventId, follow, cancel);
    }

    private static async Task<IResult> Tell(
        EventReading reading, HttpRequest request, EventFeed feed, string? lastEventId, bool follow, CancellationToken cancel)
    {
        if (feed.IsFull) return Full();
        var header = request.Headers[DescribedParameters.LastEventId];
        var (field, last) = header.Count > 0 ? (DescribedParameters.LastEventId, header.ToString()) : (nameof(lastEventId), lastEventId);
        var id = last is null or FromStart ? null : EventMark.Parse(last);
        if (id is null && last is not (null or FromStart))
            return Problems.Invalid([new FieldProblem(field, $"is the id of an event, such as 9f86d081-4711, or {FromStart}")]);
        // Who does not stay for what comes wants what has been.
        id ??= last is null && follow ? await reading.Now(cancel) : await reading.Start(cancel);
        return new EventStream<ClusterEvent>(end => Items(follow ? reading.After(id, end) : reading.Kept(id, end)));
    }

    public static IResult Full() =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, $"{EventFeed.MostListeners} listen on this master already");

    private static async IAsyncEnumerable<EventStream<ClusterEvent>.Item> Items(IAsyncEnumerable<EventReading.Item> told)
    {
        await foreach (var it in told) yield return new($"{it.Id}", it.Event?.Kind.Word(), it.Event);
    }
}
