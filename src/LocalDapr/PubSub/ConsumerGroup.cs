using System.Threading.Channels;
using LocalDapr.Apps;
using LocalDapr.Scheduling;

namespace LocalDapr.PubSub;

/// <summary>The replicas of one app id compete for the messages of one topic. Messages start in order; several may be under way.</summary>
internal sealed partial class ConsumerGroup : IDisposable
{
    private const int Backlog = 10_000;
    private const int MostDeliveries = 5;
    private readonly Channel<(Message Message, int Deliveries)> queue;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim places;
    private readonly Lock gate = new();
    private readonly List<IConsumer> consumers = [];
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly string what;
    private TaskCompletionSource somebody = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int turn;

    public ConsumerGroup(string what, int concurrency, TimeProvider clock, ILogger log)
    {
        (this.what, this.clock, this.log) = (what, clock, log);
        places = new(concurrency, concurrency);
        queue = Channel.CreateBounded<(Message, int)>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => LogFull(what));
        _ = Task.Run(PumpAsync);
    }

    public void Add(Message message) => queue.Writer.TryWrite((message, 1));

    public IDisposable Join(IConsumer consumer)
    {
        lock (gate)
        {
            consumers.Add(consumer);
            somebody.TrySetResult();
        }

        return new Ending(() =>
        {
            lock (gate)
            {
                consumers.Remove(consumer);
                if (consumers.Count == 0) somebody = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        });
    }

    public void Dispose()
    {
        stopping.Cancel();
        queue.Writer.TryComplete();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(stopping.Token))
            {
                var consumer = await NextConsumerAsync();
                await places.WaitAsync(stopping.Token);
                var some = await CollectAsync(consumer.Bulk);
                if (some.Count > 0) _ = DeliverAsync(consumer, some);
                else places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<IConsumer> NextConsumerAsync()
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (consumers.Count > 0) return consumers[turn++ % consumers.Count];
                wait = somebody.Task;
            }

            await wait.WaitAsync(stopping.Token);
        }
    }

    private async Task<List<(Message Message, int Deliveries)>> CollectAsync(BulkOptions? bulk)
    {
        List<(Message, int)> some = [];
        if (bulk is null)
        {
            if (queue.Reader.TryRead(out var one)) some.Add(one);
            return some;
        }

        using var enough = new CancellationTokenSource(bulk.MaxWait, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, stopping.Token);
        try
        {
            while (some.Count < bulk.MaxMessages && await queue.Reader.WaitToReadAsync(both.Token))
            {
                while (some.Count < bulk.MaxMessages && queue.Reader.TryRead(out var one)) some.Add(one);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Waited long enough.
        }

        return some;
    }

    private async Task DeliverAsync(IConsumer consumer, List<(Message Message, int Deliveries)> some)
    {
        try
        {
            await consumer.TakeAsync([.. some.Select(s => s.Message)], stopping.Token);
        }
        catch (AppUnreachableException e)
        {
            foreach (var (message, deliveries) in some)
            {
                LogAgain(what, e.Message);
                if (deliveries >= MostDeliveries || !queue.Writer.TryWrite((message, deliveries + 1))) LogLost(what, deliveries);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (Exception e)
        {
            LogBroken(what, e);
        }
        finally
        {
            places.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: the backlog is full, the oldest message is dropped")]
    private partial void LogFull(string group);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: the app did not answer, the message is delivered again: {Why}")]
    private partial void LogAgain(string group, string why);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "{Group}: a message was lost after {Deliveries} deliveries to an app that does not answer")]
    private partial void LogLost(string group, int deliveries);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Group}: a message could not be handled")]
    private partial void LogBroken(string group, Exception e);
}
