using Microsoft.Extensions.Time.Testing;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Alarms;

public sealed class AlarmClockExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly AlarmClock alarms;

    public AlarmClockExamples() => alarms = new AlarmClock(clock);

    [Fact]
    public void A_name_waits_once_however_often_it_is_asked_and_keeps_the_first_reason()
    {
        alarms.Now(["web", "api"], "a joined");
        alarms.Now(["web"], "sweep");
        Assert.Equal(["web: a joined", "api: a joined"], Rung());
    }

    [Fact]
    public void Who_has_been_carried_may_be_asked_again()
    {
        alarms.Now(["web"], "a joined");
        Rung();
        alarms.Now(["web"], "sweep");
        Assert.Equal(["web: sweep"], Rung());
    }

    [Fact]
    public void An_alarm_rings_at_its_time_and_once()
    {
        alarms.At("web", In(2));
        clock.Advance(TimeSpan.FromSeconds(1.999));
        Assert.Empty(Rung());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["web: its time has come"], Rung());
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Rung());
    }

    [Fact]
    public void A_time_that_is_past_rings_at_once()
    {
        alarms.At("web", In(-5));
        Assert.Equal(["web: its time has come"], Rung());
    }

    [Fact]
    public void A_new_time_takes_the_place_of_the_one_before_and_none_cancels_it()
    {
        alarms.At("web", In(1));
        alarms.At("web", In(3));
        alarms.At("api", In(1));
        alarms.At("api", null);
        clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Empty(Rung());
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(["web: its time has come"], Rung());
    }

    [Fact]
    public void No_later_than_brings_an_alarm_forward_and_never_puts_it_off()
    {
        alarms.At("web", In(10));
        alarms.NoLaterThan("web", In(2));
        alarms.NoLaterThan("web", In(5));
        alarms.NoLaterThan("api", In(4));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["web: its time has come"], Rung());
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["api: its time has come"], Rung());
    }

    [Fact]
    public void An_alarm_of_a_timer_that_fires_too_early_rings_and_can_be_set_to_the_same_time_again()
    {
        var hasty = new AlarmClock(new HastyClock(clock));
        hasty.At("web", In(2));
        clock.Advance(TimeSpan.FromMilliseconds(1995));
        Assert.Equal(["web: its time has come"], Rung(hasty));
        hasty.At("web", In(2));
        clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(["web: its time has come"], Rung(hasty));
    }

    [Fact]
    public async Task Who_waits_for_the_next_name_ends_when_the_master_does()
    {
        using var stopping = new CancellationTokenSource();
        var next = alarms.Next(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static DateTimeOffset In(double seconds) => CalmCluster.Start.AddSeconds(seconds);

    private List<string> Rung() => Rung(alarms);

    private static List<string> Rung(AlarmClock alarms)
    {
        using var cancel = new CancellationTokenSource();
        List<string> rung = [];
        while (true)
        {
            var next = alarms.Next(cancel.Token);
            if (!next.IsCompletedSuccessfully)
            {
                cancel.Cancel();
                return rung;
            }

            rung.Add($"{next.Result.Service}: {next.Result.Why}");
        }
    }

    private sealed class HastyTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var early = dueTime - TimeSpan.FromMilliseconds(5);
            return timer.Change(dueTime == Timeout.InfiniteTimeSpan ? dueTime : early > TimeSpan.Zero ? early : TimeSpan.Zero, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }

    /// <summary>Its timers fire some milliseconds before their time, as those of operating systems may.</summary>
    private sealed class HastyClock(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HastyTimer(clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
            timer.Change(dueTime, period);
            return timer;
        }
    }
}
