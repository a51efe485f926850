using Orchestrator.Contracts.Events;

namespace Orchestrator.ControlPlane.Events;

/// <summary>
/// What is new in the history, for all who listen on this master: one question at a time for all of them, and none while nobody listens.
/// </summary>
internal sealed partial class EventFeed(IEventCalls calls, TimeProvider clock, ILogger<EventFeed> log)
{
    /// <summary>Who has been up to date and falls so far behind reads too slowly.</summary>
    public const int Kept = 2000;

    private const int PageSize = 500;

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Queue<NumberedEvent> recent = [];
    private TaskCompletionSource pulse = NewPulse();
    private EventMark? newest;
    private int listeners;
    private bool isAsking;
    private bool isSilent;

    /// <summary>On one master; each is a connection that does not end.</summary>
    public const int MostListeners = 500;

    public bool IsFull => Listeners >= MostListeners;

    /// <summary>How many listen on this master.</summary>
    public int Listeners
    {
        get { lock (gate) return listeners; }
    }

    /// <summary>Keeps the questions going as long as it is not disposed.</summary>
    public IDisposable Listen()
    {
        lock (gate)
        {
            listeners++;
            if (!isAsking)
            {
                isAsking = true;
                _ = AskOn();
            }
        }

        return new Listener(this);
    }

    /// <summary>
    /// What came after an event, as far as it is remembered here; none where that is not so, and then the log is to be asked.
    /// </summary>
    public Fresh? After(EventMark id)
    {
        lock (gate)
        {
            if (newest?.Log != id.Log || id.Number > newest.Number || newest.Number - id.Number > recent.Count) return null;
            return new(recent.Where(it => it.Number > id.Number).ToList(), newest, pulse.Task);
        }
    }

    /// <summary>How far the newest event is ahead of this one; 0 when that is not known.</summary>
    public long Ahead(EventMark id)
    {
        lock (gate) return newest?.Log == id.Log ? Math.Max(0, newest.Number - id.Number) : 0;
    }

    private async Task AskOn()
    {
        while (true)
        {
            lock (gate)
            {
                if (listeners == 0)
                {
                    (isAsking, newest) = (false, null);
                    recent.Clear();
                    return;
                }
            }

            var isMore = false;
            try
            {
                isMore = Take(await calls.Page(new EventQuestion(newest?.Number, null, PageSize), CancellationToken.None));
                isSilent = false;
            }
            catch (Exception e)
            {
                if (!isSilent) LogSilent(e.Message);
                isSilent = true;
            }

            if (!isMore) await Task.Delay(AskEvery, clock, CancellationToken.None);
        }
    }

    /// <summary>Answers whether there is more to be had at once.</summary>
    private bool Take(EventPage page)
    {
        TaskCompletionSource rung;
        lock (gate)
        {
            var isAnother = newest is null || page.Log != newest.Log || page.Newest < newest.Number || page.Oldest > newest.Number + 1;
            if (!isAnother && page.Upto == newest!.Number) return false;
            if (isAnother) recent.Clear();
            else foreach (var it in page.Events) recent.Enqueue(it);
            while (recent.Count > Kept) recent.Dequeue();
            newest = new(page.Log, isAnother ? page.Newest : page.Upto);
            (rung, pulse) = (pulse, NewPulse());
        }

        rung.SetResult();
        return page.Upto < page.Newest;
    }

    private void Leave()
    {
        lock (gate) listeners--;
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "The log of events cannot be read now, it is asked again: {Error}")]
    private partial void LogSilent(string error);

    /// <param name="Events">Oldest first.</param>
    /// <param name="Newest">The newest event that is known.</param>
    /// <param name="More">Ends when there is another one.</param>
    internal sealed record Fresh(List<NumberedEvent> Events, EventMark Newest, Task More);

    private sealed class Listener(EventFeed feed) : IDisposable
    {
        private int isDone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDone, 1) == 0) feed.Leave();
        }
    }
}
