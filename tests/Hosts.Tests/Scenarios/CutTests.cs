using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>Links that break; the histories of the engines are the judge.</summary>
public sealed class CutTests(SharedBed shared)
{
    [Theory]
    [InlineData(9)]
    [InlineData(20)]
    public async Task A_worker_that_is_cut_off_is_replaced_and_never_runs_beside_its_successor(int seconds)
    {
        if (seconds > 9) SharedBed.OnlyByHand();
        var bed = await shared.Fresh();
        var worker = (await bed.Create("once", 1, atMostOne: true)).Instances.Single().Worker;
        await bed.Cut(worker);
        var healed = Wall.Now.AddSeconds(seconds);
        await bed.RunsElsewhere("once", worker);
        await Wall.WaitUntil(healed, TestContext.Current.CancellationToken);
        await bed.Heal();
        await bed.Judge();
    }

    [Fact]
    public async Task A_worker_that_hears_nobody_but_is_heard_has_no_lease_either()
    {
        SharedBed.OnlyByHand();
        var bed = await shared.Fresh();
        var worker = (await bed.Create("once", 1, atMostOne: true)).Instances.Single().Worker;
        await bed.CutTo(worker);
        await bed.RunsElsewhere("once", worker);
        await bed.Heal();
        await bed.Judge();
    }

    [Fact]
    public async Task After_the_brake_nobody_is_lost_who_returns_a_little_later()
    {
        var bed = await shared.Fresh();
        var kept = await bed.Create("web", 2);
        var once = await bed.Create("once", 1, atMostOne: true);
        foreach (var worker in BedRunFile.Workers) await bed.Cut(worker);
        await Wall.Wait(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
        await bed.Heal("worker-a");
        await Wall.Wait(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await bed.Heal();

        var history = await bed.Judge();
        // Who had been declared lost would have been replaced: but nothing of what may run on was, and what was ended began again once.
        Assert.True(history.Lives.Count(l => l.Service == "web") == kept.Instances.Count, history.Story());
        Assert.True(history.Lives.Count(l => l.Service == "once") == 1 + once.Instances.Count, history.Story());
    }

    [Fact]
    public async Task A_link_that_loses_a_fifth_of_all_packets_costs_nobody_anything()
    {
        SharedBed.OnlyByHand();
        var bed = await shared.Fresh();
        var once = await bed.Create("once", 2, atMostOne: true);
        foreach (var worker in BedRunFile.Workers) await bed.Lose(worker, "control", 0.2);
        await Wall.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await bed.Heal();
        await bed.Judge();
    }
}
