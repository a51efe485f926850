using Conformance.Promises;
using Conformance.World;
using Dapr.Workflow;

namespace Conformance.Workflows;

/// <summary>What workflow code may build on.</summary>
public sealed class WorkflowTests(DaprWorld world)
{
    private readonly Client _client = new(world.A1);

    [Fact, Holds("11.4.1", "A workflow goes on with the result of each activity")]
    public async Task A_chain_hands_each_result_to_the_next_step() => Assert.Equal(5, await _client.Result<int>("Chain", 5));

    [Fact, Holds("11.5.9", "Activities begun at once all come back")]
    public async Task A_fan_out_brings_all_results_together() => Assert.Equal(5050, await _client.Result<int>("FanOut", 100));

    [Fact, Holds("11.5.1", "A timer fires when it is due, not before")]
    public async Task A_timer_fires_when_it_is_due_and_not_before() =>
        Assert.InRange(await _client.Result<double>("Sleep", 700), 700, 5000);

    [Fact, Holds("11.5.2", "Names of events compare whatever their case")]
    public async Task An_event_reaches_who_waits_for_it_whatever_the_case_of_its_name()
    {
        string id = await _client.Start("Await", "waiting");
        await _client.Shows(id, "waiting");
        await _client.Raise(id, "GO", "now");
        Assert.Equal("now", (await _client.End(id)).ReadOutputAs<string>());
    }

    [Fact, Holds("11.5.2", "An event that nobody waits for yet is kept")]
    public async Task Events_wait_for_who_will_want_them()
    {
        string id = await _client.Start("AwaitTwo", "");
        await _client.Raise(id, "two", "b");
        await _client.Raise(id, "one", "a");
        Assert.Equal("a b", (await _client.End(id)).ReadOutputAs<string>());
    }

    [Fact, Holds("11.5.2", "A wait with a time ends with the event or with the time")]
    public async Task A_wait_for_an_event_ends_with_its_time()
    {
        Assert.Equal("in vain", await _client.Result<string>("AwaitInTime", 300));
        string id = await _client.Start("AwaitInTime", 60_000);
        await _client.Raise(id, "go", "in time");
        Assert.Equal("in time", (await _client.End(id)).ReadOutputAs<string>());
    }

    [Fact, Holds("11.5.3", "A child answers its parent; its failure is told with type and message")]
    public async Task A_child_answers_its_parent_or_fails_it()
    {
        string good = await _client.Start("Parent", $"Retry {Unique.Name("child")} x");
        Assert.Equal("did x", (await _client.End(good)).ReadOutputAs<string>());
        string bad = await _client.Start("Parent", $"Fail {Unique.Name("child")} badly");
        Assert.Equal("System.InvalidOperationException: badly", (await _client.End(bad)).ReadOutputAs<string>());
    }

    [Fact, Holds("11.5.7", "An activity is tried as its retry policy says, each time as another execution")]
    public async Task A_failing_activity_is_tried_as_often_as_its_policy_says_each_time_as_another_execution()
    {
        string id = await _client.Start("Retry", "bad luck");
        Assert.Equal("gave up: bad luck went wrong", (await _client.End(id)).ReadOutputAs<string>());
        var tries = Journal.Of(id);
        Assert.Equal(3, tries.Count);
        Assert.Equal(3, tries.Select(line => line.Split(" as ")[1].Split(' ')[0]).Distinct().Count());
    }

    [Fact, Holds("11.3.4", "A failure of an activity reaches the code, which may undo what it did")]
    public async Task A_saga_undoes_in_reverse_what_it_did()
    {
        string id = await _client.Start("Saga", "a b bad c");
        var end = await _client.End(id);
        Assert.Equal(WorkflowRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("rolling back", end.ReadCustomStatusAs<string>());
        Assert.Equal(
            ["do a", "do b", "do bad", "do undo b", "do undo a"], Journal.Of(id).Select(line => line.Split(" as ")[0]));
    }

    [Fact, Holds("11.5.4", "Continue-as-new begins again with another input")]
    public async Task Continue_as_new_begins_again_with_another_input() => Assert.Equal(0, await _client.Result<int>("Rounds", 25));

    [Fact, Holds("11.5.4", "Continue-as-new carries over the events that nobody took")]
    public async Task Continue_as_new_carries_over_the_events_that_nobody_took()
    {
        string id = await _client.Start("Collect", 1);
        foreach (int tick in (int[])[1, 2, 3]) await _client.Raise(id, "tick", tick);
        Assert.Equal(3, (await _client.End(id)).ReadOutputAs<int>());
    }
}
