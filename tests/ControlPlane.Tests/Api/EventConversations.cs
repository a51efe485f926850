using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>Following events: what comes over the wire, and going on after a cut.</summary>
public sealed class EventConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Each_change_is_told_with_an_id_a_kind_and_what_has_changed()
    {
        await using var stream = await EventsOverHttp.Follow(api, "/events");
        await Deploy(api);
        var events = await stream.Until(api, it => it.What.Contains("is running", StringComparison.Ordinal));
        Assert.Equal(
            [
                "worker: a has joined", "service: created as revision 1: web:1, 1 instance", "instance: web-1-r1-a1 is placed on a",
                "instance: web-1-r1-a1 is running on a",
            ], events.Select(it => $"{it.Kind}: {it.What}"));
        Assert.Matches(EventMark.Pattern, events[^1].Id);
        Assert.Equal(
            """{"kind":"instance","what":"web-1-r1-a1 is running on a","service":"web","instance":"web-1-r1-a1","slot":1,"revision":1,"worker":"a","phase":"running","health":"none"}""",
            events[^1].JsonWithoutTime);
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_came_after_and_nothing_twice()
    {
        await Deploy(api);
        List<string> told;
        string last;
        await using (var all = await EventsOverHttp.Follow(api, "/events?lastEventId=start"))
        {
            var first = await all.Until(api, it => it.What.Contains("is running", StringComparison.Ordinal));
            (told, last) = ([.. first.Select(it => it.What)], first[1].Id);
        }

        await api.Tell("a", "web", ("web-1-r1-a1", Phase.Paused));
        await using var again = await EventsOverHttp.Follow(api, "/events", last);
        var rest = await again.Until(api, it => it.What.Contains("is paused", StringComparison.Ordinal));
        Assert.Equal([.. told.Skip(2), "web-1-r1-a1 is paused on a"], rest.Select(it => it.What));
    }

    [Fact]
    public async Task A_master_that_dies_before_it_has_told_leaves_nothing_out()
    {
        await Deploy(api);
        string last;
        await using (var stream = await EventsOverHttp.Follow(api, "/events?lastEventId=start"))
            last = (await stream.Until(api, it => it.What.Contains("is running", StringComparison.Ordinal)))[^1].Id;
        // No time passes any more here, so nothing of this is carried to the log.
        await api.Tell("a", "web", ("web-1-r1-a1", Phase.Paused));
        Assert.Equal(200, (await api.Ask("PUT /services/web", """{"instances":2}""")).Status);

        await using var other = new ControlPlaneOverHttp { Store = api.Store };
        await using var again = await EventsOverHttp.Follow(other, "/events", last);
        await other.Renew("a", services: "web");
        await other.Tell("a", "web", ("web-1-r1-a1", Phase.Paused), ("web-2-r1-a1", Phase.Running));
        var events = await again.Until(other, it => it.What.StartsWith("web-2-r1-a1 is running", StringComparison.Ordinal));
        Assert.Equal(
            ["changed instances 1 to 2", "web-1-r1-a1 is paused on a", "web-2-r1-a1 is running on a"],
            events.Select(it => it.What).Where(it => !it.Contains("takes nothing new", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_service_is_followed_alone_and_an_id_of_another_history_is_a_gap()
    {
        await Deploy(api);
        await using var stream = await EventsOverHttp.Follow(api, "/services/web/events", "00000000-7");
        var events = await stream.Until(api, it => it.What.Contains("is running", StringComparison.Ordinal));
        Assert.Equal(("gap", "created as revision 1: web:1, 1 instance"), (events[0].Kind, events[1].What));
        Assert.Equal(4, events.Count);
        Assert.All(events, it => Assert.Equal("web", it.Service));
    }

    [Fact]
    public async Task While_nothing_happens_there_are_signs_of_life()
    {
        await using var stream = await EventsOverHttp.Follow(api, "/events");
        await api.Clock.PassUntil(TimeSpan.FromSeconds(1), () => stream.SignsOfLife, signs => signs >= 2, "two signs of life");
        Assert.Empty(stream.Events);
    }

    [Fact]
    public async Task Nobody_is_asked_for_events_while_nobody_listens()
    {
        var asked = 0;
        api.Actors.OnTheWay = actor =>
        {
            if (actor.StartsWith("EventLog/", StringComparison.Ordinal)) asked++;
            return null;
        };
        await using (var stream = await EventsOverHttp.Follow(api, "/events"))
            await api.Clock.PassUntil(TimeSpan.FromSeconds(1), () => asked, count => count > 3, "the log is asked");
        var feed = (EventFeed)api.Services.GetService(typeof(EventFeed))!;
        await api.Clock.PassUntil(TimeSpan.FromSeconds(1), () => feed.Listeners, count => count == 0, "nobody listens");
        await PassSeconds(20);
        var before = asked;
        await PassSeconds(20);
        Assert.Equal(before, asked);
    }

    [Theory]
    [InlineData("GET /events?lastEventId=17", "400 lastEventId: is the id of an event, such as 9f86d081-4711, or start")]
    [InlineData("GET /events?watch=true", "400 watch: is not a known parameter; known are lastEventId")]
    [InlineData("GET /services/web/events", "404 there is no service 'web'")]
    [InlineData("GET /services/-/events", "400 name: consists of lower-case letters")]
    public async Task What_cannot_be_followed_is_refused(string request, string words) =>
        Assert.StartsWith(words[..20], (await api.Ask(request)).Words, StringComparison.Ordinal);

    [Fact]
    public async Task The_headers_of_a_stream_can_be_had_alone() => Assert.Equal(200, (await api.Ask("HEAD /events")).Status);

    private async Task PassSeconds(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            await api.Renew("a");
        }
    }

    private static async Task Deploy(ControlPlaneOverHttp api)
    {
        await api.Renew("a");
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        await PassingTime.Until(() => api.Workers.Orders.Count, count => count > 0, "it is ordered");
        await api.CarryOut();
    }
}
