using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.Testing;

namespace Orchestrator.ServiceDefaults.Tests.Resilience;

public sealed class PatientCallsTests
{
    private static readonly Backoff Seconds = new(First: TimeSpan.FromSeconds(1), Longest: TimeSpan.FromSeconds(4));

    private readonly FakeTimeProvider clock = new();
    private int tries;

    [Fact]
    public async Task A_call_that_succeeds_is_made_once()
    {
        Assert.Equal("well", await Run(new Patience { Backoff = Seconds }, _ => Task.FromResult("well")));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Without_a_back_off_a_failure_is_the_answer()
    {
        await Assert.ThrowsAsync<IOException>(() => Run(new Patience(), Broken));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_failed_call_can_be_had_as_it_ended()
    {
        var calls = new PatientCalls(new Patience { Backoff = Seconds, IsPassing = _ => false }, clock, dice: () => 0.5);
        var ended = await calls.Settled<string>(Broken, TestContext.Current.CancellationToken);
        Assert.Equal("broken", Assert.IsType<IOException>(PatientCalls.FailureOf(ended)).Message);
        using var cancel = new CancellationTokenSource();
        var asking = calls.Settled(Hanging, cancel.Token);
        await cancel.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(PatientCalls.FailureOf(await asking));
    }

    [Fact]
    public async Task A_failure_that_passes_is_followed_by_another_try_after_each_pause()
    {
        var call = Run(new Patience { Backoff = Seconds }, _ => tries < 4 ? throw new IOException("broken") : Task.FromResult("well"));
        Assert.Equal([1, 2, 2, 3, 3, 3, 3, 4], Each(TimeSpan.FromSeconds(1), times: 8));
        Assert.Equal("well", await call);
    }

    [Fact]
    public async Task A_failure_that_does_not_pass_ends_it_at_once()
    {
        var patience = new Patience { Backoff = Seconds, IsPassing = e => e is TimeoutException };
        await Assert.ThrowsAsync<IOException>(() => Run(patience, Broken));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task No_try_begins_when_its_pause_would_end_past_the_budget()
    {
        var call = Run(new Patience { Backoff = Seconds, Budget = TimeSpan.FromSeconds(6) }, Broken);
        // After 0, 1 and 3 seconds; the next would be after 7.
        Each(TimeSpan.FromSeconds(1), times: 3);
        await Assert.ThrowsAsync<IOException>(() => call);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_try_that_takes_longer_than_its_deadline_is_cancelled()
    {
        var call = Run(new Patience { Deadline = TimeSpan.FromSeconds(2) }, Hanging);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("no answer within 2 s", (await Assert.ThrowsAsync<TimeoutException>(() => call)).Message);
    }

    [Fact]
    public async Task Each_try_has_the_whole_deadline_and_the_budget_counts_them_all()
    {
        List<double> began = [];
        var start = clock.GetTimestamp();
        var call = Run(new Patience { Deadline = TimeSpan.FromSeconds(2), Backoff = Seconds, Budget = TimeSpan.FromSeconds(6) }, cancel =>
        {
            began.Add(clock.GetElapsedTime(start).TotalSeconds);
            return Hanging(cancel);
        });
        // A deadline is noticed on another thread, so the clock goes on in small steps until it was.
        await Eventually.Become(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(50));
                return call.IsCompleted;
            }, ended => ended, TimeSpan.FromSeconds(20), "the end", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        // 0 to 2, 3 to 5; the next would begin at 7.
        Assert.Equal(2, tries);
        Assert.InRange(began[1], 3, 4);
        Assert.InRange(clock.GetElapsedTime(start).TotalSeconds, began[1] + 2, began[1] + 3);
    }

    [Fact]
    public async Task Each_pause_is_told_beforehand_with_what_went_wrong()
    {
        List<string> told = [];
        void Tell(Exception e, TimeSpan pause) => told.Add($"{e.Message}, {pause.TotalSeconds} s");
        var call = Run(new Patience { Backoff = Seconds, Budget = TimeSpan.FromSeconds(4), BeforePause = Tell }, Broken);
        Each(TimeSpan.FromSeconds(1), times: 3);
        await Assert.ThrowsAsync<IOException>(() => call);
        Assert.Equal(["broken, 1 s", "broken, 2 s"], told);
    }

    [Fact]
    public async Task Cancelling_ends_a_try()
    {
        using var cancel = new CancellationTokenSource();
        var call = Run(new Patience { Backoff = Seconds, Deadline = TimeSpan.FromSeconds(2) }, Hanging, cancel);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Cancelling_ends_a_pause()
    {
        using var cancel = new CancellationTokenSource();
        var call = Run(new Patience { Backoff = Seconds }, Broken, cancel);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, tries);
    }

    [Fact]
    public void Every_step_is_taken_where_the_caller_is()
    {
        var here = new OneByOne();
        List<SynchronizationContext?> seen = [];
        var patience = new Patience { Backoff = Seconds, BeforePause = (_, _) => seen.Add(SynchronizationContext.Current) };
        Task? call = null;
        here.Post(async _ =>
        {
            call = Run(patience, async _ =>
            {
                seen.Add(SynchronizationContext.Current);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
                return tries < 3 ? throw new IOException("broken") : "well";
            });
            await call;
            seen.Add(SynchronizationContext.Current);
        }, null);
        for (var second = 0; second < 10; second++)
        {
            here.RunAll();
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(call?.IsCompletedSuccessfully);
        // Three tries, two pauses, and the end.
        Assert.Equal(Enumerable.Repeat<SynchronizationContext?>(here, 6), seen);
    }

    private static Task<string> Broken(CancellationToken cancel) => throw new IOException("broken");

    private async Task<string> Hanging(CancellationToken cancel)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
        return "never";
    }

    private Task<string> Run(Patience patience, Func<CancellationToken, Task<string>> call, CancellationTokenSource? cancel = null) =>
        new PatientCalls(patience, clock, dice: () => 0.5).Run(
            token =>
            {
                tries++;
                return call(token);
            }, cancel?.Token ?? CancellationToken.None);

    /// <summary>How many tries there had been before each step of the clock.</summary>
    private int[] Each(TimeSpan step, int times) => [.. Enumerable.Range(0, times).Select(_ =>
    {
        var seen = tries;
        clock.Advance(step);
        return seen;
    })];

    /// <summary>Runs what it is given when it is told to, and nothing elsewhere.</summary>
    private sealed class OneByOne : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Do, object? State)> waiting = [];

        public override void Post(SendOrPostCallback d, object? state) => waiting.Enqueue((d, state));

        public void RunAll()
        {
            var before = Current;
            SetSynchronizationContext(this);
            while (waiting.TryDequeue(out var next)) next.Do(next.State);
            SetSynchronizationContext(before);
        }
    }
}
