using System.Text.Json;
using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.PubSub;

/// <summary>What a handler's answer means. components/resiliency.yaml asks for three more tries.</summary>
public sealed class DeliveryTests(DaprWorld world)
{
    private const int Tries = 4;
    private static readonly Reply Retry = new(Body: """{"status":"RETRY"}""");
    private static readonly Reply Drop = new(Body: """{"status":"DROP"}""");

    private readonly string _id = Unique.Name("event");

    public static TheoryData<string, string> Successes => new()
    {
        { "", "application/json" }, { """{"status":"SUCCESS"}""", "application/json" }, { """{"other":1}""", "application/json" },
            { "fine", "text/plain" },
    };

    [Theory, MemberData(nameof(Successes))]
    [Holds("2.6", "2xx with nothing, with SUCCESS, without a status or without JSON is done")]
    public async Task A_success_is_not_delivered_again(string body, string contentType)
    {
        Script.For(_id, new Reply(200, body, contentType));
        await Publish("guarded");
        await Publish("guarded", "second"); // comes after the first would have been repeated
        await Script.Received(_id, 2);
        await Quiet();
        Assert.Equal(["/topics/guarded", "/topics/guarded"], Script.Calls(_id).Select(call => call.Path));
    }

    [Fact, Holds("2.6", "RETRY is delivered again as the resiliency policy says")]
    [Holds("10.16", "One delivery per app id, SUCCESS/RETRY/DROP/404, dead letter")]
    public async Task Retry_is_delivered_again()
    {
        Script.For(_id, Retry, new Reply());
        await Publish("events");
        var calls = await Script.Received(_id, 2);
        Assert.Equal(Id(calls[0]), Id(calls[1]));
    }

    [Theory, InlineData(500), InlineData(503), InlineData(400)]
    [Holds("2.6", "Every other status is retried, then it goes to the dead letter topic")]
    public async Task A_failing_handler_is_retried_then_dead_lettered(int status)
    {
        Script.For(_id, call => call.Path == "/topics/dead" ? new Reply() : new Reply(status));
        await Publish("guarded");
        await Script.Received(_id, pathPart: "/topics/dead");
        Assert.Equal(Tries, Script.Calls(_id, "/topics/guarded").Count);
    }

    [Fact, Holds("2.6", "An unknown status in the answer is retried")]
    public async Task An_unknown_status_is_retried()
    {
        Script.For(_id, new Reply(Body: """{"status":"PERHAPS"}"""), new Reply());
        await Publish("events");
        await Script.Received(_id, 2);
    }

    [Fact, Holds("2.6", "DROP is not retried and goes to the dead letter topic")]
    [Holds("10.16", "One delivery per app id, SUCCESS/RETRY/DROP/404, dead letter")]
    public async Task Drop_goes_to_the_dead_letter_topic()
    {
        Script.For(_id, call => call.Path == "/topics/dead" ? new Reply() : Drop);
        await Publish("guarded");
        await Script.Received(_id, pathPart: "/topics/dead");
        Assert.Equal("/topics/guarded /topics/dead", string.Join(' ', Script.Calls(_id).Select(call => call.Path)));
    }

    [Fact, Holds("2.6", "404 is dropped: not retried, to the dead letter topic")]
    [Holds("10.16", "One delivery per app id, SUCCESS/RETRY/DROP/404, dead letter")]
    public async Task A_404_is_dropped()
    {
        Script.For(_id, call => call.Path == "/topics/dead" ? new Reply() : new Reply(404));
        await Publish("guarded");
        await Script.Received(_id, pathPart: "/topics/dead");
        Assert.Single(Script.Calls(_id, "/topics/guarded"));
    }

    [Fact, Holds("2.6", "The dead letter carries the original data")]
    public async Task The_dead_letter_carries_the_original_data()
    {
        Script.For(_id, call => call.Path == "/topics/dead" ? new Reply() : Drop);
        await Publish("guarded", "precious");
        var call = Assert.Single(await Script.Received(_id, pathPart: "/topics/dead"));
        Assert.Contains("precious", call.Body, StringComparison.Ordinal);
    }

    [Fact, Holds("2.4", "Rules are tried in order; the first match takes the message, then the default route")]
    public async Task Rules_route_by_the_event()
    {
        var (big, heavy, rest) = (Unique.Name("event"), Unique.Name("event"), Unique.Name("event"));
        await Publish("ruled", new { key = big, size = 50 }, "?metadata.cloudevent.type=big");
        await Publish("ruled", new { key = heavy, size = 50 });
        await Publish("ruled", new { key = rest, size = 5 });
        var paths = new List<string>();
        foreach (var id in new[] { big, heavy, rest }) paths.Add((await Script.Received(id))[0].Path);
        Assert.Equal(["/topics/big", "/topics/heavy", "/topics/rest"], paths);
    }

    [Fact, Holds("2.4", "A message that no rule matches, without a default route, goes to the dead letter topic")]
    public async Task A_message_without_a_route_is_dead()
    {
        await Publish("strict", new { key = _id }, "?metadata.cloudevent.type=unknown");
        await Script.Received(_id, pathPart: "/topics/dead");
        Assert.Equal("/topics/dead", Assert.Single(Script.Calls(_id)).Path);
    }

    [Fact, Holds("2.6", "Bulk subscription: entries come together, with id, content type and event")]
    public async Task Bulk_subscribers_get_entries_together()
    {
        Script.For(_id, BulkAnswer("SUCCESS"));
        var entries = string.Join(
            ',', Enumerable.Range(0, 5)
            .Select(i => $$"""{"entryId":"e{{i}}","event":{"key":"{{_id}}","n":{{i}}},"contentType":"application/json"}"""));
        var answer = await world.A1.Send(HttpMethod.Post, "/v1.0-alpha1/publish/bulk/pubsub/bulk", $"[{entries}]");
        Assert.InRange(answer.Status, 200, 204);
        await Eventually.Become(() => Entries().Count, count =>
            count == 5, TimeSpan.FromSeconds(10), "five entries", TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3, 4],
            Entries().Select(entry => entry.GetProperty("event").GetProperty("data").GetProperty("n").GetInt32()).Order());
        Assert.True(Script.Calls(_id).Count < 5, $"{Script.Calls(_id).Count} requests for 5 entries");
        Assert.All(Entries(), entry =>
            Assert.StartsWith("application/cloudevents+json", entry.GetProperty("contentType").GetString(), StringComparison.Ordinal));

        List<JsonElement> Entries() =>
            [.. Script.Calls(_id).SelectMany(call => JsonDocument.Parse(call.Body).RootElement.GetProperty("entries").EnumerateArray())];
    }

    [Fact, Holds("2.6", "Bulk subscription: only the entries answered with DROP are dead-lettered")]
    public async Task A_bulk_subscriber_drops_single_entries()
    {
        Script.For(_id, call => call.Path == "/topics/dead" ? new Reply()
            : Statuses(call, entry => entry.GetRawText().Contains("\"bad\"", StringComparison.Ordinal) ? "DROP" : "SUCCESS"));
        await Publish("guarded-bulk", "good");
        await Publish("guarded-bulk", "bad");
        var dead = await Script.Received(_id, pathPart: "/topics/dead");
        await Quiet();
        Assert.Contains("\"bad\"", Assert.Single(dead).Body, StringComparison.Ordinal);
    }

    private static Func<Call, Reply> BulkAnswer(string status) => call => Statuses(call, _ => status);

    private static Reply Statuses(Call call, Func<JsonElement, string> status) => new(Body: JsonSerializer.Serialize(new
    {
        statuses = JsonDocument.Parse(call.Body).RootElement.GetProperty("entries").EnumerateArray()
            .Select(entry => new { entryId = entry.GetProperty("entryId").GetString(), status = status(entry) }),
    }));

    private Task Publish(string topic, string text = "x") => Publish(topic, new { key = _id, text });

    private async Task Publish(string topic, object data, string query = "")
    {
        var answer = await world.A1.Send(HttpMethod.Post, $"/v1.0/publish/pubsub/{topic}{query}", JsonSerializer.Serialize(data));
        Assert.Equal("204 ", answer.ToString());
    }

    private static string? Id(Call call) => JsonDocument.Parse(call.Body).RootElement.GetProperty("id").GetString();

    /// <summary>Longer than all tries of the policy take: what has not come by then does not come.</summary>
    private static Task Quiet() => Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, TestContext.Current.CancellationToken);
}
