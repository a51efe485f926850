using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Services;

public sealed class WakeUpCallsExamples : IAsyncDisposable
{
    private readonly AlarmClock alarms = new(TimeProvider.System);
    private readonly FakeServiceCalls services = new();
    private readonly Logbook<WakeUpCalls> log = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly WakeUpCalls calls;
    private readonly Task running;

    public WakeUpCallsExamples()
    {
        calls = new WakeUpCalls(alarms, services, log);
        running = calls.Run(stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        stopping.Dispose();
    }

    [Fact]
    public async Task Whoever_is_due_is_asked_to_look_again_and_told_why()
    {
        alarms.Now(["web", "api"], "a has room");
        await Told("api looks again: a has room; web looks again: a has room");
    }

    [Fact]
    public async Task A_service_that_gives_no_answer_is_left_to_the_sweep_and_the_others_are_asked()
    {
        services.Before = service => service == "web" ? throw Silence.Of("ServiceMaster 'web'") : Task.CompletedTask;
        alarms.Now(["web"], "sweep");
        await Told("web looks again: sweep");
        alarms.Now(["api"], "sweep");
        await Told("api looks again: sweep; web looks again: sweep");
        await PassingTime.Until(() => log.Lines.Count(), count => count == 1, "it is logged");
        Assert.StartsWith("Warning: Service web could not look again now,", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_breaks_is_logged_and_does_not_break_the_others()
    {
        services.Before = service => service == "web" ? Task.CompletedTask : throw new InvalidOperationException("nobody expected this");
        alarms.Now(Enumerable.Range(1, 20).Select(i => $"bad-{i}").Append("web"), "sweep");
        await PassingTime.Until(() => services.Told.Count, count => count == 21, "all are asked");
        await PassingTime.Until(() => log.Lines.Count(), count => count == 20, "all are logged");
        Assert.Contains("Error: Service bad-1 failed to look again in a way that nobody expected", log.Lines);
    }

    [Fact]
    public async Task Sixteen_are_asked_at_a_time()
    {
        var held = new TaskCompletionSource();
        services.Before = _ => held.Task;
        alarms.Now(Enumerable.Range(1, 40).Select(i => $"web-{i}"), "sweep");
        await PassingTime.Until(() => services.Told.Count, count => count == 16, "sixteen are asked");
        held.SetResult();
        await PassingTime.Until(() => services.Told.Count, count => count == 40, "all are asked");
    }

    private Task<string> Told(string expected) =>
        PassingTime.Until(() => string.Join("; ", services.Told.Order(StringComparer.Ordinal)), told => told == expected, "they are asked");
}
