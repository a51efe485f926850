using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Actors;

namespace Conformance.Actors;

/// <summary>Actors that nobody needs fall asleep; whoever needs them wakes them.</summary>
public sealed class IdleTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("idle");

    [Fact, Holds("3.2", "An idle actor is deactivated and the next call activates it again")]
    [Holds("10.13", "Idle DELETE")]
    public async Task An_idle_actor_is_deactivated_and_wakes_again()
    {
        var napper = world.A1.Actors.CreateActorProxy<INapper>(new ActorId(_id), ActorTypes.Napper);
        await napper.Hello();
        await Journal.Has(_id, "deactivated");
        await napper.Hello();
        Assert.Equal("activated hello deactivated activated hello", string.Join(' ', Journal.Of(_id).Take(5)));
    }

    [Fact, Holds("2.5", "Deactivation is DELETE /actors/{type}/{id}")]
    public async Task Deactivation_is_a_delete()
    {
        await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{_id}/method/hello");
        await Script.Received(_id, 2);
        Assert.Equal($"DELETE /actors/Brief/{_id} ", Script.Calls(_id)[1].ToString());
    }

    [Fact, Holds("3.2", "Every turn postpones the deactivation")]
    public async Task A_busy_actor_stays()
    {
        for (var i = 0; i < 12; i++)
        {
            await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{_id}/method/hello");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(Script.Calls(_id), call => call.Verb == "DELETE");
    }

    [Fact, Holds("3.6", "State can be written only while the actor is active on that sidecar")]
    [Holds("10.9", "State writes are refused (400) unless the actor is active here")]
    public async Task A_deactivated_actor_cannot_write_state()
    {
        const string save = """[{"operation":"upsert","request":{"key":"k","value":1}}]""";
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{_id}/method/hello");
        Assert.Equal(204, (await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{_id}/state", save)).Status);
        await Script.Received(_id, 2);
        await Eventually.Become(
            async () => (await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Brief/{_id}/state", save)).Refusal,
            refusal => refusal == "400 ERR_ACTOR_INSTANCE_MISSING", TimeSpan.FromSeconds(5), "the late save is refused",
                TestContext.Current.CancellationToken);
        Assert.Equal("200 1", (await world.B.Send(HttpMethod.Get, $"/v1.0/actors/Brief/{_id}/state/k")).ToString());
    }
}
