using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Actors;

namespace Conformance.Actors;

/// <summary>Timers: in the memory of the sidecar that registered them.</summary>
public sealed class TimerTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("timer");

    [Fact, Holds("3.2", "A timer ticks until it is stopped")]
    public async Task A_timer_ticks_until_it_is_stopped()
    {
        var alarm = world.A1.Actors.CreateActorProxy<IAlarm>(new ActorId(_id), ActorTypes.Alarm);
        await alarm.StartTimer(new Ring("tick", Due: 100, Period: 300, Text: "t!"));
        await Journal.Has(_id, "timer t!", 3);
        await alarm.StopTimer("tick");
        var count = Journal.Of(_id).Count;
        await After(1);
        Assert.Equal(count, Journal.Of(_id).Count);
    }

    [Fact, Holds("3.2", "A timer without a period ticks once")]
    public async Task A_timer_without_a_period_ticks_once()
    {
        var alarm = world.A1.Actors.CreateActorProxy<IAlarm>(new ActorId(_id), ActorTypes.Alarm);
        await alarm.StartTimer(new Ring("once", Due: 100));
        await Journal.Has(_id, "timer ");
        await After(1.2);
        Assert.Single(Journal.Of(_id));
    }

    [Fact, Holds("2.5", "The callback is PUT method/timer/{name} with callback, data, dueTime and period as registered")]
    [Holds("10.10", "Duration texts are echoed; reminders arrive with empty dueTime and period")]
    public async Task The_callback_echoes_what_was_registered()
    {
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/wake");
        var answer = await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/timers/tim",
            """{"dueTime":"0h0m0s100ms","period":"1h0m0s0ms","data":"dCE=","callback":"OnTimer"}""");
        Assert.Equal("204 ", answer.ToString());
        var call = Assert.Single(await Script.Received(_id, pathPart: "/method/timer/tim"));
        var body = System.Text.Json.JsonDocument.Parse(call.Body).RootElement;
        Assert.Equal("PUT OnTimer dCE= 0h0m0s100ms 1h0m0s0ms", string.Join(' ',
            [call.Verb, .. new[] { "callback", "data", "dueTime", "period" }.Select(name => body.GetProperty(name).GetString()!)]));
        await world.B.Send(HttpMethod.Delete, $"/v1.0/actors/Wire/{_id}/timers/tim");
    }

    [Fact, Holds("3.2", "A timer goes on after idle deactivation and wakes the actor; it postpones idleness")]
    [Holds("10.12", "Timers are in memory and survive deactivation")]
    public async Task A_timer_outlives_a_deactivation()
    {
        var napper = world.A1.Actors.CreateActorProxy<INapper>(new ActorId(_id), ActorTypes.Napper);
        await napper.TickEvery(2500);
        await Journal.Has(_id, "tick", 2);
        await napper.StopTicking();
        Assert.Equal("activated deactivated activated tick", string.Join(' ', Journal.Of(_id).Take(4)));
    }

    [Fact, Holds("3.2", "A failing tick is not retried; the next one comes by schedule")]
    public async Task A_failing_tick_is_not_retried()
    {
        Script.For(_id, new Reply(200), new Reply(500), new Reply(200));
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/wake");
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/timers/tim", """{"dueTime":"100ms","period":"2s","callback":"x"}""");
        await Script.Received(_id, 1, "/timer/");
        await After(1.2);
        Assert.Single(Script.Calls(_id, "/timer/"));
        await Script.Received(_id, 2, "/timer/");
        await world.B.Send(HttpMethod.Delete, $"/v1.0/actors/Wire/{_id}/timers/tim");
    }

    [Fact, Holds("1.2", "DELETE of a timer is 204, also when there is none")]
    public async Task Deleting_is_never_an_error() =>
        Assert.Equal("204 ", (await world.B.Send(HttpMethod.Delete, $"/v1.0/actors/Wire/{_id}/timers/none")).ToString());

    private static Task After(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
