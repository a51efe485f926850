using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Services;

public sealed class SweepExamples : IDisposable
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly List<string> journal = [];
    private readonly FakeDirectory directory;
    private readonly FakeWorkers workers;
    private readonly Logbook<Sweep> log = new();
    private readonly CancellationTokenSource stopping = new();

    public SweepExamples() => (directory, workers) = (new(journal, "api", "web"), new([], "a", "b"));

    public void Dispose() => stopping.Dispose();

    [Theory]
    [InlineData(0.0, 3.75)]
    [InlineData(0.5, 5)]
    [InlineData(1.0, 6.25)]
    public async Task Who_is_due_is_asked_at_once_and_again_after_a_pause_that_differs_from_master_to_master(double dice, double seconds)
    {
        var running = Run(dice);
        Assert.Equal(["wakes api: sweep", "wakes web: sweep"], journal);
        clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal(2, journal.Count);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await PassingTime.Until(() => journal.Count, count => count == 4, "a second sweep");
        await End(running);
    }

    [Theory]
    [InlineData(false, "b")]
    [InlineData(true, null)]
    public async Task The_directory_is_told_on_which_workers_instances_may_stay(bool isRegistrySilent, string? calm)
    {
        workers.ByName["a"] = workers.ByName["a"] with { Draining = true };
        workers.ByName["c"] = workers.ByName["b"] with { Name = "c", Health = WorkerHealth.Lost };
        workers.Silent = isRegistrySilent;
        var running = Run();
        Assert.Equal(calm, directory.Calm is { } names ? string.Join(", ", names) : null);
        await End(running);
    }

    [Fact]
    public async Task A_directory_that_gives_no_answer_is_asked_again_next_time()
    {
        directory.Trouble = Silence.Of("ServiceDirectory");
        var running = Run();
        directory.Trouble = null;
        clock.Advance(TimeSpan.FromSeconds(30));
        await PassingTime.Until(() => journal.Count, count => count == 2, "the next sweep");
        Assert.StartsWith("Warning: The sweep found no service directory:", Assert.Single(log.Lines), StringComparison.Ordinal);
        await End(running);
    }

    [Fact]
    public async Task A_defect_does_not_end_the_sweep()
    {
        directory.Trouble = new InvalidOperationException("nobody expected this");
        var running = Loop.Run(Sweeping().Run, clock, () => 0.5, log, stopping.Token);
        await PassingTime.Until(() => log.Lines.Count(), count => count == 1, "it is told of");
        directory.Trouble = null;
        clock.Advance(TimeSpan.FromSeconds(1));
        await PassingTime.Until(() => journal.Count, count => count == 2, "the next sweep");
        Assert.Equal(["Error: Sweep failed and begins again in 1.0 s"], log.Lines);
        stopping.Cancel();
        await running;
    }

    private Task Run(double dice = 0.5) => Sweeping(dice).Run(stopping.Token);

    private Sweep Sweeping(double dice = 0.5) =>
        new(directory, workers, new FakeAlarm(journal), new ControlPlaneOptions(), clock, () => dice, log);

    private async Task End(Task running)
    {
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
