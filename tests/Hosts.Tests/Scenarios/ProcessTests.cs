using Orchestrator.Contracts.Workers;
using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>Processes that die, or stand still for a while.</summary>
public sealed class ProcessTests(SharedBed shared)
{
    private const int Tries = 3;

    /// <summary>Whoever is away for less comes back before anything is ended: the lease less a beat and the margin.</summary>
    private static readonly TimeSpan Untouched = TimeSpan.FromSeconds(3.2);

    [Fact]
    public Task An_agent_that_is_killed_is_back_within_its_lease_and_nothing_is_touched() => NothingIsTouched("an agent", async bed =>
    {
        var before = await Incarnation(bed);
        var killed = Wall.Now;
        await bed.Kill(await bed.ProcessOf("worker-a"), "the agent of worker-a");
        await bed.Eventually(() => Incarnation(bed), now => now is not null && now != before, "the agent of worker-a is back");
        return Wall.Now - killed;

        static async Task<long?> Incarnation(TestBed bed) =>
            (await bed.Members()).Members.Single(it => it.Name == "worker-a").Incarnation;
    });

    [Fact]
    public Task All_sidecars_stand_still_for_three_seconds_and_nothing_is_touched() => NothingIsTouched("LocalDapr", async bed =>
    {
        var frozen = Wall.Now;
        await bed.Freeze(bed.DaprProcess, "LocalDapr");
        await Wall.Wait(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await bed.Thaw(bed.DaprProcess, "LocalDapr");
        await bed.Eventually(() => bed.Members(), _ => true, "they answer again");
        return Wall.Now - frozen;
    });

    [Fact]
    public async Task An_agent_that_stays_away_has_its_instance_ended_by_the_guard()
    {
        var bed = await shared.Fresh();
        var worker = (await bed.Create("once", 1, atMostOne: true)).Instances.Single().Worker;
        await bed.Away(worker, kill: true);
        await bed.RunsElsewhere("once", worker);
        await bed.Bring(worker);
        await bed.Judge();
    }

    [Fact]
    public async Task An_agent_that_stands_still_for_half_a_minute_finds_its_instance_ended()
    {
        SharedBed.OnlyByHand();
        var bed = await shared.Fresh();
        var worker = (await bed.Create("once", 1, atMostOne: true)).Instances.Single().Worker;
        var agent = await bed.ProcessOf(worker);
        await bed.Freeze(agent, $"the agent of {worker}");
        var goesOn = Wall.Now.AddSeconds(30);
        await bed.RunsElsewhere("once", worker);
        await Wall.WaitUntil(goesOn, TestContext.Current.CancellationToken);
        await bed.Thaw(agent, $"the agent of {worker}");
        await bed.Judge();
    }

    [Fact]
    public async Task Both_guard_and_link_are_gone_and_the_agent_ends_in_time_by_itself()
    {
        SharedBed.OnlyByHand();
        var bed = await shared.Fresh();
        var worker = (await bed.Create("once", 1, atMostOne: true)).Instances.Single().Worker;
        var guard = await bed.Guard(worker);
        await bed.Freeze(guard, $"the guard of {worker}");
        await bed.Cut(worker);
        await bed.RunsElsewhere("once", worker);
        await bed.Thaw(guard, $"the guard of {worker}");
        await bed.Heal();
        await bed.Judge();
    }

    [Theory]
    [InlineData("control-plane-1")]
    [InlineData("control-plane-2")]
    public async Task A_master_that_is_killed_takes_nothing_with_it(string master)
    {
        var bed = await shared.Fresh();
        await bed.Create("web", 2);
        await bed.Create("once", 1, atMostOne: true);
        await bed.Kill(await bed.ProcessOf(master), master);
        await bed.Ask(ChangeKind.Update, "web", 4, atMostOne: false, master: 1);
        await bed.Runs("web", 4);
        var history = await bed.Judge();
        Assert.True(history.Changes.All(c => c.Outcome == Outcome.Accepted) && history.Lives.Count == 5, history.Story());
    }

    [Fact]
    public async Task An_engine_that_restarts_has_its_instances_started_again()
    {
        var bed = await shared.Fresh();
        await bed.Create("web", 2, restart: "on-failure");
        await bed.RestartEngine("worker-b");
        await bed.Runs("web", 2);
        var history = await bed.Judge();
        Assert.True(history.Lives.Count == 3, history.Story());
    }

    /// <summary>
    /// How fast a program starts, or goes on, is the machine's: where it is too slow, what holds then is judged, and it tries again.
    /// </summary>
    /// <param name="who">Is away for a while.</param>
    /// <param name="fault">Tells how long it was.</param>
    private async Task NothingIsTouched(string who, Func<TestBed, Task<TimeSpan>> fault)
    {
        List<string> times = [];
        while (times.Count < Tries)
        {
            var bed = await shared.Fresh();
            await bed.Create("once", 2, atMostOne: true);
            var away = await fault(bed);
            await Wall.Wait(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
            var history = await bed.Judge();
            if (away < Untouched)
            {
                Assert.True(history.Lives.Count == 2, $"away for {away.TotalSeconds:0.0} s: {history.Story()}");
                return;
            }

            times.Add($"{away.TotalSeconds:0.0} s");
        }

        Assert.Skip($"{who} was away for {string.Join(", ", times)} here, and less than {Untouched.TotalSeconds} s would show it");
    }
}
