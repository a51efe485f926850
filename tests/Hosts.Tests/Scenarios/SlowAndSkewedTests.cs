using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>Links that take their time, and clocks that are wrong.</summary>
public sealed class SlowAndSkewedTests(SharedBed shared)
{
    [Fact]
    public async Task A_slow_link_and_a_clock_that_jumps_cost_nobody_anything()
    {
        if ((SlowLink.WhyNot() ?? FalseClocks.WhyNot()) is { } reason) Assert.Skip(reason);
        var bed = await shared.Fresh();
        await bed.Skew("worker-a", TimeSpan.FromSeconds(-10));
        await bed.AllReady();
        await bed.Create("once", 2, atMostOne: true);
        await bed.Slow("worker-a", TimeSpan.FromMilliseconds(100));
        await bed.Skew("worker-a", TimeSpan.FromSeconds(30));
        var roundTrip = await bed.RoundTrip("worker-a");
        Assert.InRange(roundTrip, TimeSpan.FromMilliseconds(190), TimeSpan.FromSeconds(2));
        await Wall.Wait(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);

        // The second and third start where the clock is wrong too, and are told as of now.
        await bed.Ask(ChangeKind.Update, "once", 4, atMostOne: true);
        await bed.Runs("once", 4);
        await bed.Eventually(() => Task.FromResult(bed.ClockIn("worker-a") - Wall.Now),
            ahead => ahead > TimeSpan.FromSeconds(15), "worker-a prints another time", TimeSpan.FromSeconds(5));
        await bed.Mend();
        var history = await bed.Judge();
        Assert.True(history.Lives.Count == 4, history.Story());
    }

    [Fact]
    public async Task A_worker_that_renews_its_lease_and_takes_no_orders_keeps_no_instance_waiting()
    {
        SharedBed.OnlyByHand();
        if (SlowLink.WhyNot() is { } reason) Assert.Skip(reason);
        var bed = await shared.Fresh();
        // So slow that its sidecar takes the agent for dead, and not so slow that its renewals are not answered.
        await bed.Slow("worker-a", TimeSpan.FromMilliseconds(480));
        await bed.Ask(ChangeKind.Create, "web", 2, atMostOne: false);
        await bed.Ask(ChangeKind.Create, "once", 2, atMostOne: true);
        await bed.Runs("web", 2);
        await bed.Runs("once", 2);
        await bed.Mend();
        await bed.Judge();
    }
}
