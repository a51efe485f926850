using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Actors;

/// <summary>Reminders on the wire: what is accepted, what the application gets, what a failure leads to.</summary>
public sealed class ReminderWireTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("remind");

    private string Path(string name, string type = ActorTypes.Wire) => $"/v1.0/actors/{type}/{_id}/reminders/{name}";

    private Task<Answer> Register(string name, string body) => world.B.Send(HttpMethod.Put, Path(name), body);

    [Fact, Holds("2.5", "The callback is PUT method/remind/{name} with the data as registered and empty dueTime and period")]
    [Holds("10.10", "Duration texts are echoed; reminders arrive with empty dueTime and period")]
    public async Task The_callback_carries_the_data_as_registered()
    {
        Assert.Equal("204 ", (await Register("r", """{"dueTime":"0h0m0s50ms","period":"","data":"cGF5bG9hZA=="}""")).ToString());
        var call = Assert.Single(await Script.Received(_id));
        Assert.Equal($"PUT /actors/Wire/{_id}/method/remind/r", $"{call.Verb} {call.Path}");
        Assert.StartsWith("application/json", call.Header("Content-Type"), StringComparison.Ordinal);
        var body = System.Text.Json.JsonDocument.Parse(call.Body).RootElement;
        Assert.Equal(("cGF5bG9hZA==", "", ""),
            (body.GetProperty("data").GetString(), body.GetProperty("dueTime").GetString(), body.GetProperty("period").GetString()));
    }

    [Fact, Holds("1.6", "GET answers dueTime as given and the period as @every")]
    [Holds("10.10", "Duration texts are echoed; reminders arrive with empty dueTime and period")]
    public async Task Get_echoes_what_was_registered()
    {
        await Register("r", """{"dueTime":"0h10m0s0ms","period":"0h0m1s0ms","data":"eA=="}""");
        var answer = await world.B.Send(HttpMethod.Get, Path("r"));
        Assert.Equal(200, answer.Status);
        Assert.Equal("0h10m0s0ms", answer.Json.GetProperty("dueTime").GetString());
        Assert.Equal("eA==", answer.Json.GetProperty("data").GetString());
        Assert.Contains(answer.Json.GetProperty("period").GetString(), new[] { "@every 1s", "0h0m1s0ms" });
    }

    [Fact, Holds("1.6", "GET of a reminder that does not exist is 404 ERR_ACTOR_REMINDER_NOT_FOUND")]
    public async Task A_reminder_that_does_not_exist_is_not_found() =>
        Assert.Equal("404 ERR_ACTOR_REMINDER_NOT_FOUND", (await world.B.Send(HttpMethod.Get, Path("none"))).Refusal);

    [Fact, Holds("1.2", "DELETE of a reminder is 204, also when there is none")]
    public async Task Deleting_is_never_an_error() =>
        Assert.Equal("204 ", (await world.B.Send(HttpMethod.Delete, Path("none"))).ToString());

    [Theory, InlineData("PUT"), InlineData("DELETE")]
    [Holds("3.5", "Reminders of a type that this application does not host are 403 ERR_ACTOR_REMINDER_NON_HOSTED")]
    public async Task Only_the_hosting_application_may_set_reminders(string verb)
    {
        var answer = await world.A1.Send(new HttpMethod(verb), Path("r"), """{"dueTime":"1h"}""");
        Assert.Equal("403 ERR_ACTOR_REMINDER_NON_HOSTED", answer.Refusal);
    }

    [Fact, Holds("3.5", "A failed delivery is tried again after a second")]
    [Holds("10.11", "Progress is committed after the 200; 1 s × 3 retries; parked without hosts")]
    public async Task A_failed_delivery_is_tried_again()
    {
        Script.For(_id, new Reply(500), new Reply(200));
        await Register("r", """{"dueTime":"0s","period":""}""");
        var started = TimeProvider.System.GetTimestamp();
        await Script.Received(_id, 2);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.7, 5);
        await After(2);
        Assert.Equal(2, Script.Calls(_id).Count);
    }

    [Fact, Holds("3.5", "After three more tries a tick is given up")]
    [Holds("10.11", "Progress is committed after the 200; 1 s × 3 retries; parked without hosts")]
    public async Task A_tick_is_given_up_after_three_retries()
    {
        Script.For(_id, new Reply(500));
        await Register("r", """{"dueTime":"0s","period":""}""");
        await Script.Received(_id, 4);
        await After(2.5);
        Assert.Equal(4, Script.Calls(_id).Count);
    }

    [Theory]
    [InlineData("""{"dueTime":"0.2s"}"""), InlineData("""{"dueTime":"PT0S","period":"R1/PT1S"}"""),
        InlineData("""{"dueTime":"200ms","period":"1h"}""")]
    [Holds("1.6", "dueTime may be a Go duration or ISO-8601; period a Go duration or ISO-8601 with repetitions")]
    public async Task Every_spelling_of_a_duration_is_read(string body)
    {
        Assert.Equal("204 ", (await Register("r", body)).ToString());
        await Script.Received(_id);
    }

    [Fact, Holds("1.6", "dueTime may be an RFC 3339 time")]
    public async Task A_due_time_may_be_a_time()
    {
        var due = TimeProvider.System.GetUtcNow().AddSeconds(1).ToString("yyyy-MM-ddTHH:mm:ssZ");
        Assert.Equal("204 ", (await Register("r", $$"""{"dueTime":"{{due}}"}""")).ToString());
        await Script.Received(_id);
    }

    [Fact, Holds("1.6", "A ttl may be shorter than the due time")]
    public async Task A_time_to_live_may_be_shorter_than_the_due_time() =>
        Assert.Equal("204 ", (await Register("r", """{"dueTime":"10s","period":"1s","ttl":"1s"}""")).ToString());

    [Theory, InlineData("""{"dueTime":"soon"}"""), InlineData("""{"dueTime":"1s","period":"often"}"""), InlineData("{")]
    [Holds("1.6", "What cannot be read is refused")]
    public async Task What_cannot_be_read_is_refused(string body) => Assert.InRange((await Register("r", body)).Status, 400, 500);

    private static Task After(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
