using System.Text.Json;
using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Actors;

namespace Conformance.Actors;

/// <summary>Reminders as the SDK registers and receives them.</summary>
public sealed class ReminderTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("alarm");

    private IAlarm Alarm => world.A1.Actors.CreateActorProxy<IAlarm>(new ActorId(_id), ActorTypes.Alarm);

    [Fact, Holds("3.5", "R3/PT1S rings three times, a second apart, and then never again")]
    [Holds("10.10", "Duration texts are echoed; reminders arrive with empty dueTime and period")]
    public async Task A_reminder_rings_as_often_as_it_was_asked()
    {
        var started = TimeProvider.System.GetTimestamp();
        await Alarm.Remind(new Ring("thrice", Due: 500, Period: 1000, Times: 3, Text: "payload"));
        await Journal.Has(_id, "reminder ", 3);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 2.3, 8);
        await After(1.5);
        Assert.Equal(["reminder thrice payload -1 -1"],
            Rings().Select(line => line[..line.IndexOf(" on ", StringComparison.Ordinal)]).Distinct());
        Assert.Equal(3, Rings().Count);
    }

    [Fact, Holds("3.5", "A reminder without a period rings once")]
    public async Task A_reminder_without_a_period_rings_once()
    {
        await Alarm.Remind(new Ring("once", Due: 0));
        await Journal.Has(_id, "reminder once");
        await After(1.5);
        Assert.Single(Rings());
    }

    [Fact, Holds("3.5", "ttl ends a reminder")]
    public async Task A_reminder_ends_with_its_time_to_live()
    {
        await Alarm.Remind(new Ring("mortal", Due: 0, Period: 1000, Ttl: 2500));
        await Journal.Has(_id, "reminder mortal", 2);
        await After(4);
        Assert.InRange(Rings().Count, 2, 4);
        var count = Rings().Count;
        await After(1.5);
        Assert.Equal(count, Rings().Count);
    }

    [Fact, Holds("3.5", "An unregistered reminder does not ring; unregistering twice is no error")]
    public async Task A_forgotten_reminder_does_not_ring()
    {
        await Alarm.Remind(new Ring("never", Due: 1000));
        await Alarm.Forget("never");
        await Alarm.Forget("never");
        await After(2);
        Assert.Empty(Rings());
    }

    [Fact, Holds("1.6", "Registering the same name again replaces the reminder and starts its schedule anew")]
    public async Task The_same_name_replaces()
    {
        await Alarm.Remind(new Ring("one", Due: 800, Period: 60_000, Text: "old"));
        await Alarm.Remind(new Ring("one", Due: 1200, Period: 60_000, Text: "new"));
        await Journal.Has(_id, "reminder one new");
        await After(0.5);
        Assert.Single(Rings());
    }

    [Fact, Holds("1.6", "GET of a reminder gives data and period back; the SDK can read them")]
    public async Task A_reminder_can_be_read_back()
    {
        await Alarm.Remind(new Ring("look", Due: 60_000, Period: 3_605_000, Text: "here"));
        Assert.Equal("look here 3605000", await Alarm.Look("look"));
    }

    [Fact, Holds("3.5", "Reminders wake a deactivated actor and survive its deactivation")]
    public async Task A_reminder_wakes_a_sleeping_actor()
    {
        var id = Unique.Name("idle");
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{id}/method/hello");
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{id}/reminders/wake", """{"dueTime":"2500ms","period":""}""");
        await Script.Received(id, 1, "/method/remind/wake");
        Assert.Equal("PUT DELETE PUT", string.Join(' ', Script.Calls(id).Select(call => call.Verb)));
    }

    private IReadOnlyList<string> Rings() => [.. Journal.Of(_id).Where(line => line.StartsWith("reminder ", StringComparison.Ordinal))];

    private static Task After(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
