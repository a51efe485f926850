using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.PubSub;

/// <summary>Publish and subscribe as the SDK does it.</summary>
public sealed class SdkTopicTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("note");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("5", "A published object arrives at a typed handler")]
    public async Task A_published_object_arrives_typed()
    {
        await world.B.Dapr.PublishEventAsync("pubsub", "typed", new Note(_id, "hello"), Cancel);
        Assert.Single(await Journal.Has(_id, "typed hello on a"));
    }

    [Fact, Holds("2.6", "One delivery per app id: replicas compete, another app id gets its own copy")]
    [Holds("10.16", "One delivery per app id, SUCCESS/RETRY/DROP/404, dead letter")]
    public async Task Replicas_compete_and_every_app_id_gets_one()
    {
        var notes = Enumerable.Range(0, 30).Select(_ => Unique.Name("note")).ToList();
        foreach (var id in notes) await world.B.Dapr.PublishEventAsync("pubsub", "shared", new Note(id, "x"), Cancel);
        foreach (var id in notes)
        {
            await Journal.Has(id, "shared x on a");
            await Script.Received(id, pathPart: "/topics/shared");
        }

        Assert.Equal(["1 1"], notes.Select(id => $"{Journal.Of(id).Count} {Script.Calls(id).Count}").Distinct());
        var hosts = notes.SelectMany(Journal.Of).Select(line => line[^2..]).ToHashSet();
        Assert.Equal(["a1", "a2"], hosts.Order());
    }

    [Fact, Holds("2.6", "A message that the SDK's handler drops goes to the dead letter topic")]
    public async Task A_dropped_message_goes_to_the_dead_letter_topic()
    {
        await world.A1.Dapr.PublishEventAsync("pubsub", "guarded-typed", new Note(_id, "bad"), Cancel);
        var call = Assert.Single(await Script.Received(_id, pathPart: "/topics/dead"));
        Assert.Contains("\"bad\"", call.Body, StringComparison.Ordinal);
    }

    [Fact, Holds("4.1", "Bulk publish delivers every entry")]
    public async Task Bulk_publish_delivers_every_entry()
    {
        var notes = Enumerable.Range(0, 5).Select(i => new Note(Unique.Name("note"), $"n{i}")).ToList();
        var answer = await world.A2.Dapr.BulkPublishEventAsync("pubsub", "typed", notes, cancellationToken: Cancel);
        Assert.Empty(answer.FailedEntries);
        foreach (var note in notes) await Journal.Has(note.Id, $"typed {note.Text}");
    }
}
