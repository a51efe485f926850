using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// Makes the engine agree with the book: one task per instance that has something to do, which looks at the wish, takes the next step and looks again.
/// A wish to stop interrupts a start. Every step can be repeated.
/// </summary>
internal sealed partial class InstanceKeeper(
    InstanceBook book, InstanceSteps steps, EngineCondition engine, TimeProvider clock, ILogger<InstanceKeeper> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

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
                if (book.Find(instance) is { Wish: not Wish.Run }) _ = work.Step?.CancelAsync();
                return;
            }

            work = works[instance] = new();
            work.Running = Task.Run(() => Attend(instance, work), CancellationToken.None);
        }
    }

    /// <summary>The lease is running out: everything that may run once only is ended, before another worker may start it.</summary>
    public void StopForLostLease(string reason, TimeSpan grace)
    {
        foreach (var instance in book.All().Where(i => i.Live && i.Footprint.OnLeaseLost == Contracts.Services.LeaseLoss.Stop))
        {
            var name = instance.Name.ToString();
            LogLeaseLost(name, reason);
            book.Change(name, i => i.Stop(reason, grace < i.Footprint.StopGrace ? grace : i.Footprint.StopGrace, clock.GetUtcNow()));
            Wake(name);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Containers go on running; what is half done is found again at the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (gate)
        {
            if (ending.IsCancellationRequested) return;
            ending.Cancel();
            running = [.. works.Values.Select(w => w.Running)];
        }

        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        if (!ending.IsCancellationRequested) ending.Cancel();
        ending.Dispose();
    }

    private async Task Attend(string name, Work work)
    {
        var pause = FirstPause;
        while (true)
        {
            var settled = false;
            using var step = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            lock (gate) work.Step = step;
            try
            {
                settled = book.Find(name) is not { } instance || await steps.Next(instance, step.Token, ending.Token);
                pause = FirstPause;
            }
            catch (OperationCanceledException)
            {
                // Interrupted by a new wish, or the agent ends.
            }
            catch (EngineException e)
            {
                // The wish stands; what the engine has done in the meantime is seen at the next look.
                if (e.Fault == EngineFault.Silent) engine.Silent(e.Message);
                LogEngine(name, e.Message, pause.TotalSeconds);
                book.Change(name, i => i.Say(e.Message));
                await Task.Delay(pause, clock, step.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception e)
            {
                // A defect of ours must not leave the instance without anybody who looks after it, nor spin.
                LogDefect(e, name);
                await Task.Delay(LongestPause, clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            lock (gate)
            {
                work.Step = null;
                if (!ending.IsCancellationRequested && (!settled || work.Again))
                {
                    work.Again = false;
                    continue;
                }

                works.Remove(name);
                return;
            }
        }
    }

    /// <summary>The task that looks after one instance at present.</summary>
    private sealed class Work
    {
        public Task Running { get; set; } = Task.CompletedTask;
        public bool Again { get; set; }

        /// <summary>Ends what a new wish makes pointless in the step under way.</summary>
        public CancellationTokenSource? Step { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: {Why}; looking again in {Seconds} s")]
    private partial void LogEngine(string instance, string why, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Instance}: a step failed in a way that nobody expected")]
    private partial void LogDefect(Exception e, string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} is stopped: {Reason}")]
    private partial void LogLeaseLost(string instance, string reason);
}
