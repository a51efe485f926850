using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Guard;

/// <summary>What an agent writes for its guard, and what the guard does about it.</summary>
public sealed class GuardWatchTests
{
    private readonly MemoryStorage folder = new();
    private readonly QuietMachine machine = new();
    private readonly Ender ender = new();

    [Fact]
    public async Task Nothing_is_ended_as_long_as_the_lease_is_renewed()
    {
        var guarded = Watching(TimeSpan.FromSeconds(4));
        var watch = new GuardWatch(folder, machine, ender);
        for (var second = 0; second < 10; second++)
        {
            machine.Uptime += TimeSpan.FromSeconds(1);
            guarded.Renew(TimeSpan.FromSeconds(4));
            Assert.Equal(GuardWatch.Pause, await watch.Look(CancellationToken.None));
        }

        Assert.Empty(ender.Ended);
    }

    [Fact]
    public async Task What_is_not_renewed_is_ended_at_its_time_and_the_cause_stands_there_before()
    {
        Watching(TimeSpan.FromSeconds(4));
        var watch = new GuardWatch(folder, machine, ender);
        machine.Uptime += TimeSpan.FromSeconds(3.9);
        Assert.Equal(TimeSpan.FromMilliseconds(100), await watch.Look(CancellationToken.None));
        Assert.Empty(ender.Ended);
        machine.Uptime += TimeSpan.FromMilliseconds(100);
        ender.WhenAsked = () => Assert.Equal(["once-1-r1-a1"], GuardList.Ended(folder));
        await watch.Look(CancellationToken.None);
        Assert.Equal(["container"], ender.Ended);
    }

    [Fact]
    public async Task It_goes_on_ending_what_is_in_the_list_for_a_late_start_may_still_come()
    {
        var guarded = Watching(TimeSpan.Zero);
        var watch = new GuardWatch(folder, machine, ender);
        await watch.Look(CancellationToken.None);
        await watch.Look(CancellationToken.None);
        Assert.Equal(["container", "container"], ender.Ended);
        guarded.Release("container");
        await watch.Look(CancellationToken.None);
        Assert.Equal(2, ender.Ended.Count);
    }

    [Fact]
    public async Task After_a_restart_of_the_machine_there_is_nothing_to_end()
    {
        Watching(TimeSpan.Zero);
        machine.BootId = "second";
        await new GuardWatch(folder, machine, ender).Look(CancellationToken.None);
        Assert.Empty(ender.Ended);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_ends_nothing()
    {
        Watching(TimeSpan.Zero);
        folder.Write(GuardList.Name, "{"u8.ToArray());
        await new GuardWatch(folder, machine, ender).Look(CancellationToken.None);
        Assert.Empty(ender.Ended);
    }

    [Fact]
    public void The_next_agent_goes_on_with_the_time_that_is_left_and_knows_what_has_lapsed()
    {
        Watching(TimeSpan.FromSeconds(4));
        machine.Uptime += TimeSpan.FromSeconds(1);
        var soon = new Guarded(folder, machine);
        Assert.Equal((TimeSpan.FromSeconds(3), false), (soon.Inherited, soon.HasLapsed("container")));
        machine.Uptime += TimeSpan.FromSeconds(3);
        var late = new Guarded(folder, machine);
        Assert.Equal((TimeSpan.Zero, true), (late.Inherited, late.HasLapsed("container")));
        machine.BootId = "second";
        Assert.Null(new Guarded(folder, machine).Inherited);
    }

    [Fact]
    public void A_half_written_deadline_is_none()
    {
        GuardList.WriteDeadline(folder, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), GuardList.ReadDeadline(folder));
        folder.Overwrite("guard-lease", "00000000000000002000 00000000000000001000\n"u8.ToArray());
        Assert.Null(GuardList.ReadDeadline(folder));
    }

    private Guarded Watching(TimeSpan left)
    {
        var guarded = new Guarded(folder, machine);
        guarded.Renew(left);
        guarded.Watch("container", "once-1-r1-a1");
        return guarded;
    }

    private sealed class Ender : IContainerEnder
    {
        public List<string> Ended { get; } = [];

        public Action WhenAsked { get; set; } = () => { };

        public Task End(string container, CancellationToken cancel)
        {
            WhenAsked();
            Ended.Add(container);
            return Task.CompletedTask;
        }
    }
}
