using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ServiceDefaults.Tests.Hosting;

public sealed class LoopTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly Heard log = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly List<TimeSpan> runs = [];

    public void Dispose() => stopping.Dispose();

    [Fact]
    public async Task A_body_that_returns_has_done_its_work()
    {
        await Run(() => Task.CompletedTask);
        Assert.Single(runs);
    }

    [Fact]
    public void A_body_that_throws_begins_again_each_time_after_a_longer_pause()
    {
        var loop = Run(() => throw new InvalidOperationException("broken"));
        Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(["0", "1", "3", "7", "15", "31"], runs.Select(at => $"{at.TotalSeconds:0}"));
        Assert.False(loop.IsCompleted);
    }

    [Fact]
    public void Each_failure_is_logged_once_with_the_name_of_the_loop()
    {
        _ = Run(() => runs.Count < 3 ? throw new InvalidOperationException("broken") : new TaskCompletionSource().Task);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(["LoopTests failed and begins again in 1.0 s: broken", "LoopTests failed and begins again in 2.0 s: broken"],
            log.Errors);
    }

    [Fact]
    public void A_failure_after_a_long_good_time_is_a_new_one()
    {
        _ = Run(async () =>
        {
            if (runs.Count == 4) await Task.Delay(TimeSpan.FromMinutes(1), clock, stopping.Token);
            throw new InvalidOperationException("broken");
        });
        Pass(TimeSpan.FromSeconds(70));
        Assert.Equal(["0", "1", "3", "7", "68", "70"], runs.Select(at => $"{at.TotalSeconds:0}"));
    }

    [Fact]
    public async Task Stopping_ends_the_body_quietly()
    {
        var loop = Run(() => Task.Delay(Timeout.InfiniteTimeSpan, clock, stopping.Token));
        await stopping.CancelAsync();
        await loop;
        Assert.Empty(log.Errors);
    }

    [Fact]
    public async Task Stopping_ends_a_pause_quietly()
    {
        var loop = Run(() => throw new InvalidOperationException("broken"));
        await stopping.CancelAsync();
        await loop;
        Assert.Single(runs);
    }

    private Task Run(Func<Task> body)
    {
        var began = clock.GetTimestamp();
        return Loop.Run(
            _ =>
            {
                runs.Add(clock.GetElapsedTime(began));
                return body();
            },
            clock, dice: () => 0.5, log, stopping.Token);
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1)) clock.Advance(TimeSpan.FromSeconds(1));
    }

    private sealed class Heard : ILogger<LoopTests>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) =>
            Errors.Add($"{formatter(state, exception)}: {exception?.Message}");
    }
}
