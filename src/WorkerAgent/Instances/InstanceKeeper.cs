using Orchestrator.Contracts.Instances;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// Makes the engine agree with the book: one task per instance that has something to do, which looks at the wish, takes the next step and
/// looks again. A wish to stop interrupts a start. Every step can be repeated.
/// </summary>
internal sealed partial class InstanceKeeper(
    InstanceBook book, InstanceSteps steps, EngineCondition engine,
    TimeProvider clock, Func<double> dice, ILogger<InstanceKeeper> log) : IHostedService, IDisposable
{
    private static readonly Backoff Pauses = new(First: TimeSpan.FromMilliseconds(200), Longest: TimeSpan.FromSeconds(5));

    private readonly Lock gate = new();
    private readonly Dictionary<string, Work> works = [];
    private readonly CancellationTokenSource ending = new();

    /// <summary>Look at this instance: its wish or its state has changed.</summary>
    public void Wake(string instance)
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested) return;
            if (works.TryGetValue(instance, out var work))
            {
                work.Again = true;
                if (book.Find(instance) is { Intent: Intent.Stop or Intent.Forget }) _ = Interrupt(work.Step);
                return;
            }

            work = works[instance] = new();
            work.Running = Attend(instance, work);
        }
    }

    /// <summary>The lease is running out: everything that may run once only is ended, before another worker may start it.</summary>
    public void StopForLostLease(string reason, TimeSpan grace)
    {
        foreach (var instance in book.All().Where(i => i.Live && i.Footprint.OnLeaseLost == Contracts.Services.LeaseLoss.Stop))
        {
            var name = instance.Name.ToString();
            LogLeaseLost(name, reason);
            var patience = grace < instance.Footprint.StopGrace ? grace : instance.Footprint.StopGrace;
            book.Change(name, i => i.Stop(reason, patience, cause: EndCause.Lease));
            Wake(name);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Containers go on running; what is half done is found again at the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (ending.IsCancellationRequested) return;
        Work[] present;
        ending.Cancel();
        lock (gate) present = [.. works.Values];
        foreach (var work in present) work.Step.Cancel();
        await Task.WhenAll(present.Select(w => w.Running)).WaitAsync(cancellationToken).Quietly();
    }

    public void Dispose()
    {
        if (!ending.IsCancellationRequested) ending.Cancel();
        ending.Dispose();
    }

    private async Task Attend(string name, Work work)
    {
        await Task.Yield();
        var failures = 0;
        while (Continues(name, work))
        {
            try
            {
                work.Settled = book.Find(name) is not { } instance || await steps.Next(instance, work.Step.Token, ending.Token);
                failures = 0;
            }
            catch (OperationCanceledException)
            {
                // Interrupted by a new wish, or the agent ends.
            }
            catch (EngineException e)
            {
                // The wish stands; what the engine has done in the meantime is seen at the next look.
                var pause = Pauses.Pause(failures++, dice());
                if (e.Fault == EngineFault.Silent) engine.Silent(e.Message);
                LogEngine(name, e.Message, pause.TotalSeconds);
                book.Change(name, i => i.Say(e.Message));
                await Task.Delay(pause, clock, work.Step.Token).Quietly();
            }
            catch (Exception e)
            {
                // A defect of ours must not leave the instance without anybody who looks after it, nor spin.
                LogDefect(e, name);
                await Task.Delay(Pauses.Longest, clock, ending.Token).Quietly();
            }
        }
    }

    /// <summary>Whether there is another step to take; after the last one nobody attends to the instance any more.</summary>
    private bool Continues(string name, Work work)
    {
        lock (gate)
        {
            if (!ending.IsCancellationRequested && (!work.Settled || work.Again))
            {
                work.Again = work.Settled = false;
                work.Step = new();
                return true;
            }

            works.Remove(name);
            return false;
        }
    }

    /// <summary>Not by the one who has the new wish, and holds locks perhaps: what was waiting in the step goes on at once.</summary>
    private static async Task Interrupt(CancellationTokenSource step)
    {
        await Task.Yield();
        step.Cancel();
    }

    /// <summary>The task that looks after one instance at present.</summary>
    private sealed class Work
    {
        public Task Running { get; set; } = Task.CompletedTask;
        public bool Again { get; set; }
        public bool Settled { get; set; }

        /// <summary>Ends what a new wish makes pointless in the step under way.</summary>
        public CancellationTokenSource Step { get; set; } = new();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: {Why}; looking again in {Seconds} s")]
    private partial void LogEngine(string instance, string why, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Instance}: a step failed in a way that nobody expected")]
    private partial void LogDefect(Exception e, string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} is stopped: {Reason}")]
    private partial void LogLeaseLost(string instance, string reason);
}
