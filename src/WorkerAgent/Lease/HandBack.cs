using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Lease;

/// <summary>
/// A worker that is told to stop ends what may run once only before it leaves, and tells it, so that it is replaced elsewhere at once. All
/// the rest runs on. It is the first of the hosted parts to stop: the others are still there to do it.
/// </summary>
internal sealed partial class HandBack(
    InstanceBook book, InstanceKeeper keeper, EndNotes notes, Reporter reporter, IHostApplicationLifetime lifetime,
    WorkerAgentOptions options, TimeProvider clock, ILogger<HandBack> log) : IHostedService
{
    private const string Reason = "handed back: its worker is being stopped";

    /// <summary>What is not killed, or not told, so long after the grace is left to the guard and to the next start.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Nobody asked for it: then it is no farewell, and what runs is adopted by whoever comes next.
        if (!lifetime.ApplicationStopping.IsCancellationRequested || Once() is not { Count: > 0 } once) return;
        notes.HandBack(once.Select(i => i.Name.ToString()));
        using var news = new Bell(clock);
        book.Ended += Ring;
        reporter.Finished += news.Ring;
        foreach (var instance in once) End(instance);
        await Until(() => Once().Count == 0, options.HandBackGrace + Rest);
        foreach (var left in Once()) LogLeft(left.Name.ToString());
        await Until(() => reporter.IsFinished, Rest);
        book.Ended -= Ring;
        reporter.Finished -= news.Ring;

        void Ring(Instance _) => news.Ring();

        async Task Until(Func<bool> condition, TimeSpan within)
        {
            var began = clock.GetTimestamp();
            while (!condition() && within - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
                await news.Wait(left, cancellationToken);
        }
    }

    private List<Instance> Once() => [.. book.All().Where(i => i.Live && i.Footprint.OnLeaseLost == LeaseLoss.Stop)];

    private void End(Instance instance)
    {
        var name = instance.Name.ToString();
        LogHandedBack(name);
        var grace = options.HandBackGrace < instance.Footprint.StopGrace ? options.HandBackGrace : instance.Footprint.StopGrace;
        book.Change(name, i => i.Stop(Reason, grace, cause: EndCause.HandedBack));
        keeper.Wake(name);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Handing back {Instance}: it may run once only (onLeaseLost: stop), so it ends before its worker leaves; others run on")]
    private partial void LogHandedBack(string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} has not ended in time and is left behind")]
    private partial void LogLeft(string instance);
}
