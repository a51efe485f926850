using System.Text.Json;
using System.Threading.Channels;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.WorkerAgent.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// Follows what happens to our containers: a death is in the book within milliseconds. After every (re)connection all containers are looked
/// at.
/// </summary>
internal sealed partial class EngineWatcher : ILoop
{
    /// <summary>More than the engine itself would hold back for us; a reader that falls behind slows down every call to it.</summary>
    private const int MostWaiting = 10_000;

    private static readonly Backoff Pauses = new(First: TimeSpan.FromMilliseconds(100), Longest: TimeSpan.FromSeconds(2));

    private readonly IContainerEngine engine;
    private readonly EngineCondition condition;
    private readonly Adoption adoption;
    private readonly Restarts restarts;
    private readonly EndNotes notes;
    private readonly InstanceBook book;
    private readonly InstanceKeeper keeper;
    private readonly WorkerAgentOptions options;
    private readonly WorkerMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger<EngineWatcher> log;
    private readonly PatientCalls untilItAnswers;

    public EngineWatcher(
        IContainerEngine engine, EngineCondition condition, Adoption adoption, Restarts restarts, EndNotes notes, Guarded guarded,
        ContentFiles files, InstanceBook book, InstanceKeeper keeper,
        WorkerAgentOptions options, WorkerMetrics metrics, TimeProvider clock, Func<double> dice, ILogger<EngineWatcher> log)
    {
        (this.engine, this.condition, this.adoption, this.restarts) = (engine, condition, adoption, restarts);
        (this.notes, this.book, this.keeper) = (notes, book, keeper);
        (this.options, this.metrics, this.clock, this.log) = (options, metrics, clock, log);
        book.Ended += ended =>
        {
            if (ended is { Footprint.OnLeaseLost: LeaseLoss.Stop, Observed.ContainerId: { } id }) guarded.Release(id);
        };
        book.Ended += ended => files.Remove(ended.Name.ToString());
        book.Ended += ended => metrics.ContainerEnded(ended.Observed.Cause, ended.Observed.ExitCode);
        untilItAnswers = new(
            new() { Backoff = Pauses, IsPassing = IsTheEngines, BeforePause = (e, _) => condition.Away(Words(e)) }, clock, dice);
    }

    public async Task Run(CancellationToken stopping)
    {
        while (true)
        {
            await untilItAnswers.Run(Follow, stopping);
            await Task.Delay(Pauses.First, clock, stopping);
        }
    }

    /// <summary>Follows the engine until it goes away; throws only when it was not there in the first place.</summary>
    private async Task Follow(CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = Channel.CreateBounded<EngineEvent?>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
        // First subscribe, then look: nothing can happen unseen in between.
        var events = await engine.Watch(ContainerLabels.Of(options.Cluster, options.Name), end.Token);
        var draining = Drain(events, waiting.Writer, end.Token);
        try
        {
            await adoption.LookAtAll(unseen: true, cancel);
            condition.Back();
            condition.Away(await TakeAll(waiting, end.Token));
        }
        finally
        {
            end.Cancel();
            await draining.Quietly();
        }
    }

    /// <summary>
    /// Takes what happens, one after the other; now and then looks at all containers again, because an event may be lost without a word.
    /// </summary>
    /// <returns>Why it has ended.</returns>
    private async Task<string> TakeAll(Channel<EngineEvent?> waiting, CancellationToken cancel)
    {
        // Stands among the events for "look at all again".
        using var again = clock.CreateTimer(
            _ => waiting.Writer.TryWrite(null), null, options.CompleteReportEvery, Timeout.InfiniteTimeSpan);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancel))
            {
                while (waiting.Reader.TryRead(out var happened))
                {
                    if (happened is not null)
                    {
                        await Take(happened, cancel);
                        continue;
                    }

                    await adoption.LookAtAll(unseen: false, cancel);
                    again.Change(options.CompleteReportEvery, Timeout.InfiniteTimeSpan);
                }
            }

            return "the engine has closed its event stream";
        }
        catch (Exception e) when (IsTheEngines(e))
        {
            return Words(e);
        }
    }

    private static async Task Drain(IAsyncEnumerable<EngineEvent> events, ChannelWriter<EngineEvent?> waiting, CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in events.WithCancellation(cancel))
            {
                if (!waiting.TryWrite(happened))
                    throw new IOException($"more than {MostWaiting} events wait; all containers will be looked at instead");
            }

            waiting.Complete();
        }
        catch (Exception e)
        {
            waiting.Complete(e);
        }
    }

    private static bool IsTheEngines(Exception e) => e is EngineException or IOException or HttpRequestException or JsonException;

    private static string Words(Exception e) => e is EngineException ? e.Message : $"the engine's event stream broke: {e.Message}";

    private async Task Take(EngineEvent happened, CancellationToken cancel)
    {
        if (ContainerLabels.NameIn(happened.Labels)?.ToString() is not { } name) return;
        if (book.Find(name) is not { } known || (known.Observed.ContainerId is { } id && id != happened.Container)) return;
        switch (happened.Kind)
        {
            case EngineEventKind.Died:
                // An engine that stops sends the same signals as somebody who stops one container.
                var others = known.Footprint.OnLeaseLost == LeaseLoss.Stop ? notes.Find(name) : null;
                if (known.Signal is not null) others ??= await restarts.WhoIsStopping(cancel);
                var dead = book.Change(name, i => i.In(happened.Container).Ended(happened.ExitCode, happened.At, null, others));
                if (known is { Live: true, Intent: Intent.Run }) LogDied(name, happened.ExitCode, dead?.Observed.Cause);
                keeper.Wake(name);
                break;
            // While it starts the engine removes what it could not make; whoever starts it hears why.
            case EngineEventKind.Removed when known.Phase is Phase.Prepared or Phase.Running or Phase.Paused or Phase.Stopping:
                book.Change(name, i => i.Ended(null, happened.At, null, Adoption.Removed));
                break;
            case EngineEventKind.Paused:
                book.Change(name, i => i.Paused());
                keeper.Wake(name);
                break;
            case EngineEventKind.Unpaused:
                book.Change(name, i => i.Unpaused());
                break;
            case EngineEventKind.Signalled:
                book.Change(name, i => i.Signalled(happened.Signal, happened.At));
                break;
            case EngineEventKind.OutOfMemory:
                book.Change(name, i => i with { OutOfMemory = true });
                break;
            case EngineEventKind.HealthChanged:
                book.Change(name, i => i.Feels(happened.Health));
                metrics.Probed(happened.Health);
                LogHealth(name, happened.Health);
                // What its check said is not in the event.
                if (happened.Health == Contracts.Instances.InstanceHealth.Unhealthy
                    && await engine.Find(happened.Container, cancel) is { State: ContainerState.Running } seen)
                    book.Change(name, i => i.See(seen));
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} ended with exit code {ExitCode}, caused by: {Cause}")]
    private partial void LogDied(string instance, int exitCode, Contracts.Instances.EndCause? cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} is {Health}")]
    private partial void LogHealth(string instance, Contracts.Instances.InstanceHealth health);
}
