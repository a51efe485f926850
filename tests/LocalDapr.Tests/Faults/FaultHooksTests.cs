using LocalDapr.Faults;

namespace LocalDapr.Tests.Faults;

public sealed class FaultHooksTests
{
    [Fact]
    public async Task They_are_off_unless_asked_for()
    {
        await using var host = await LocalDaprHost.StartAsync(new(), TestContext.Current.CancellationToken);
        Assert.Contains("EnableFaults", Assert.Throws<InvalidOperationException>(() => host.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_is_used_up_after_its_times()
    {
        var faults = new FaultHooks();
        faults.FailStateSaves("statestore", "web", times: 2);
        Assert.Equal(
            [true, false, true, false],
            new[] { "a||web", "a||api", "a||web", "a||web" }.Select(key => faults.NextSaveFails("statestore", key)));
    }

    [Fact]
    public void A_fault_ends_with_its_handle()
    {
        var faults = new FaultHooks();
        var losing = faults.LoseMessages(topic: "orders", times: 100);
        Assert.True(faults.NextMessageIsLost("pubsub", "orders"));
        losing.Dispose();
        Assert.Equal((false, true), (faults.NextMessageIsLost("pubsub", "orders"), faults.None));
    }

    [Fact]
    public void A_match_with_an_actor_type_is_for_actor_calls_only()
    {
        var faults = new FaultHooks();
        faults.DropCalls(new() { ActorType = "Counter" });
        Assert.Null(faults.NextCall(FaultKind.DropCall, "app", null, null, "path"));
        Assert.NotNull(faults.NextCall(FaultKind.DropCall, "app", "Counter", "1", "Add"));
    }
}
