using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.OneThread;

/// <summary>The whole agent on one thread, by a clock whose timers are as uneven as real ones.</summary>
public sealed class OneThreadTests
{
    private static readonly ContainerSpec Once = new() { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop };

    [Fact]
    public void A_life_with_everything_in_it_stays_on_one_thread_and_is_the_same_for_the_same_seed()
    {
        var life = Life(seed: 1);
        Assert.Equal(life, Life(seed: 1));
        Assert.NotEqual(life, Life(seed: 2));
    }

    [Fact]
    public void A_worker_that_is_cut_off_stops_what_may_run_once_only_before_its_lease_ends()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var time = new SimulatedTime(seed);
            var machine = new SimulatedAgent(time, seed);
            time.Run(TimeSpan.FromSeconds(1));
            machine.Run("once-1-r1-a1", Once);
            time.Run(TimeSpan.FromSeconds(5 + (seed / 100.0)));
            Assert.Equal(["once-1-r1-a1"], machine.Engine.Names(ContainerState.Running));
            machine.Control.Away = true;
            // The last renewal was answered at most a beat ago.
            time.Run(time.Now + TimeSpan.FromSeconds(5));
            Assert.True(machine.Engine["once-1-r1-a1"]!.State == ContainerState.Exited, $"it runs on; seed {seed}");
        }
    }

    [Fact]
    public void Entries_in_the_catalog_are_kept_alive_at_every_turn_although_timers_come_early()
    {
        var time = new SimulatedTime(seed: 1);
        var catalog = new FakeCatalog();
        var machine = new SimulatedAgent(time, seed: 1, catalog);
        time.Run(TimeSpan.FromSeconds(1));
        machine.Run("web-1-r1-a1");
        time.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(catalog.Passed.Count, 196, 200);
    }

    [Fact]
    public void Orders_faults_and_restarts_in_any_order_leave_belief_and_reality_agreeing_and_nothing_behind()
    {
        for (var seed = 1; seed <= 100; seed++) RoughLife(seed);
    }

    private static List<string> Life(int seed)
    {
        var time = new SimulatedTime(seed);
        var machine = new SimulatedAgent(time, seed);
        var (engine, control) = (machine.Engine, machine.Control);
        After(1, () => machine.Run("once-1-r1-a1", Once));
        After(1, () => machine.Run("web-1-r1-a1"));
        Assert.Equal(["once-1-r1-a1", "web-1-r1-a1"], engine.Names(ContainerState.Running));

        engine.LastWords = "no space left on device";
        engine.Die("web-1-r1-a1", 1);
        After(1, () => Assert.Equal("exit code 1: no space left on device", control.Believes["web-1-r1-a1"].Message));
        After(0, () => machine.Forget("web-1-r1-a1"));
        After(1, () => machine.Run("web-2-r1-a1", new() { Image = "nginx:1.27", Ports = [new(80)] }));
        After(1, () => machine.Stop("web-2-r1-a1", delay: 2));
        After(1, () => Assert.Equal(Phase.Stopping, control.Believes["web-2-r1-a1"].Phase));
        After(1.5, () => Assert.Equal(Phase.Exited, control.Believes["web-2-r1-a1"].Phase));

        engine.Away = true;
        engine.BreakEvents();
        After(2, () => machine.Run("web-3-r1-a1"));
        Assert.Contains(machine.Journal, line => line.Contains("web-3-r1-a1: Unavailable", StringComparison.Ordinal));
        engine.Away = false;
        After(3, () => machine.Run("web-3-r1-a2"));

        control.Away = true;
        After(6, () => control.Away = false);
        Assert.Equal(["web-3-r1-a2"], engine.Names(ContainerState.Running));
        After(3, () => Assert.StartsWith("stopped by its worker", control.Believes["once-1-r1-a1"].Message, StringComparison.Ordinal));

        machine.Restart();
        After(3, () => Assert.Equal(Phase.Running, machine.Book.Find("web-3-r1-a2")!.Phase));
        After(60, () => Assert.True(control.Reports.Count(r => r.Complete) > 2));
        Assert.Empty(machine.Strayed);
        return machine.Journal;

        void After(double seconds, Action act)
        {
            time.Run(time.Now + TimeSpan.FromSeconds(seconds));
            act();
            time.Run(time.Now + TimeSpan.FromSeconds(0.5));
        }
    }

    private static void RoughLife(int seed)
    {
#pragma warning disable CA5394 // A seed, not a secret.
        var dice = new Random(seed);
        var time = new SimulatedTime(seed);
        var machine = new SimulatedAgent(time, seed);
        var (engine, control) = (machine.Engine, machine.Control);
        string[] names = [.. Enumerable.Range(1, 12).Select(slot => slot <= 8 ? $"web-{slot}-r1-a1" : $"once-{slot}-r1-a1")];
        for (var turn = 0; turn < 150; turn++)
        {
            var name = names[dice.Next(names.Length)];
            switch (dice.Next(14))
            {
                case 0 or 1 or 2 or 3:
                    machine.Run(name, new()
                    {
                        Image = dice.Next(6) == 0 ? $"other:{dice.Next(3)}" : "busybox-www:1",
                        Ports = [new(80)],
                        OnLeaseLost = name[0] == 'o' ? LeaseLoss.Stop : LeaseLoss.Keep,
                    });
                    break;
                case 4 or 5: machine.Stop(name, delay: dice.Next(3)); break;
                case 6: machine.Forget(name); break;
                case 7 when engine[name] is { State: ContainerState.Running }:
                    engine.Die(name, dice.Next(3), silently: dice.Next(4) == 0);
                    break;
                case 8 when engine[name] is not null: engine.Vanish(name, silently: dice.Next(4) == 0); break;
                case 9: engine.BreakEvents(); break;
                case 10: engine.Away = !engine.Away; if (engine.Away) engine.BreakEvents(); break;
                case 11: control.Away = !control.Away; break;
                case 12: engine.PullProblem = dice.Next(2) == 0 ? null : "manifest unknown"; break;
                case 13: machine.Restart(); break;
            }

            time.Run(time.Now + TimeSpan.FromMilliseconds(dice.Next(400)));
        }
#pragma warning restore CA5394

        (engine.Away, control.Away, engine.PullProblem) = (false, false, null);
        engine.BreakEvents();
        time.Run(time.Now + TimeSpan.FromMinutes(1));
        Assert.Equal(
            engine.Names(ContainerState.Running),
            control.Believes.Values.Where(i => i.Phase is Phase.Running or Phase.Stopping).Select(i => i.Instance));

        foreach (var name in names) machine.Stop(name);
        time.Run(time.Now + TimeSpan.FromSeconds(30));
        foreach (var name in names) machine.Forget(name);
        time.Run(time.Now + TimeSpan.FromSeconds(30));
        Assert.Empty(machine.Strayed);
        var (believed, booked, real) = (control.Believes.Count, machine.Book.All().Count, names.Count(n => engine[n] is not null));
        Assert.Equal(
            $"believed 0, in the book 0, real 0; seed {seed}",
            $"believed {believed}, in the book {booked}, real {real}; seed {seed}");
    }
}
