using System.Threading.Channels;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Follows what happens to our containers: a death is in the book within milliseconds. After every (re)connection all containers are looked at.</summary>
internal sealed partial class EngineWatcher(
    IContainerEngine engine, EngineCondition condition, Adoption adoption, InstanceBook book, InstanceKeeper keeper,
    WorkerAgentOptions options, TimeProvider clock, ILogger<EngineWatcher> log) : BackgroundService
{
    /// <summary>More than the engine itself would hold back for us; a reader that falls behind slows down every call to it.</summary>
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Follow(() => pause = FirstPause, stoppingToken);
                condition.Away("the engine has closed its event stream");
            }
            catch (EngineException e)
            {
                condition.Away(e.Message);
            }
            catch (Exception e) when (e is IOException or HttpRequestException or System.Text.Json.JsonException)
            {
                condition.Away($"the engine's event stream broke: {e.Message}");
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task Follow(Action connected, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // First subscribe, then look: nothing can happen unseen in between.
        var events = await engine.Watch(ContainerLabels.Of(options.Cluster, options.Name), end.Token);
        var waiting = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
        var draining = Drain(events, waiting.Writer, end.Token);
        try
        {
            await adoption.LookAtAll(cancel);
            condition.Back();
            connected();
            await TakeAll(waiting.Reader, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await draining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes what happens, one after the other; now and then looks at all containers again, because an event may be lost without a word.</summary>
    private async Task TakeAll(ChannelReader<EngineEvent> waiting, CancellationToken cancel)
    {
        using var again = new PeriodicTimer(options.CompleteReportEvery, clock);
        var news = waiting.WaitToReadAsync(cancel).AsTask();
        var look = again.WaitForNextTickAsync(cancel).AsTask();
        while (true)
        {
            if (await Task.WhenAny(news, look) == look)
            {
                await look;
                await adoption.LookAtAll(cancel);
                look = again.WaitForNextTickAsync(cancel).AsTask();
                continue;
            }

            if (!await news) return;
            while (waiting.TryRead(out var happened)) Take(happened);
            news = waiting.WaitToReadAsync(cancel).AsTask();
        }
    }

    private static async Task Drain(IAsyncEnumerable<EngineEvent> events, ChannelWriter<EngineEvent> waiting, CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in events.WithCancellation(cancel))
            {
                if (!waiting.TryWrite(happened)) throw new IOException($"more than {MostWaiting} events wait; all containers will be looked at instead");
            }

            waiting.Complete();
        }
        catch (Exception e)
        {
            waiting.Complete(e);
        }
    }

    private void Take(EngineEvent happened)
    {
        if (ContainerLabels.NameIn(happened.Labels)?.ToString() is not { } name) return;
        if (book.Find(name) is not { } known || (known.Observed.ContainerId is { } id && id != happened.Container)) return;
        switch (happened.Kind)
        {
            case EngineEventKind.Died:
                book.Change(name, i => (i with { Observed = i.Observed with { ContainerId = happened.Container } }).Ended(happened.ExitCode, happened.At));
                if (known is { Live: true, Wish: Wish.Run }) LogDied(name, happened.ExitCode);
                keeper.Wake(name);
                break;
            case EngineEventKind.Removed when known.Live:
                book.Change(name, i => i.Ended(null, happened.At, "its container was removed by somebody else"));
                break;
            case EngineEventKind.OutOfMemory:
                book.Change(name, i => i with { OutOfMemory = true });
                break;
            case EngineEventKind.HealthChanged:
                book.Change(name, i => i.Feels(happened.Health));
                LogHealth(name, happened.Health);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} ended by itself with exit code {ExitCode}")]
    private partial void LogDied(string instance, int exitCode);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} is {Health}")]
    private partial void LogHealth(string instance, Contracts.Instances.InstanceHealth health);
}
