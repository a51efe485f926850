using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Events;

/// <summary>
/// Carries what the keepers of this master tell to the log of events, one call at a time and in order; what could not be delivered is
/// carried again.
/// </summary>
/// <param name="stopping">Cancelled when the master ends: the keepers that take over see the same differences.</param>
internal sealed partial class EventPost(IEventCalls calls, TimeProvider clock, ILogger<EventPost> log, CancellationToken stopping) : IEvents
{
    private const int MostAtOnce = 200;

    /// <summary>While the log cannot be reached, more than that is given up, oldest first: then all is told anew.</summary>
    private const int MostWaiting = 20_000;

    /// <summary>What happens together is told together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly LinkedList<object> waiting = [];
    private int givenUp;
    private bool isCarrying;
    private bool isSilent;

    public int GivenUp => Volatile.Read(ref givenUp);

    public void Tell(ServiceNews news) => Put(news);

    public void Tell(MemberNews news) => Put(news);

    private void Put(object news)
    {
        lock (gate)
        {
            waiting.AddLast(news);
            if (waiting.Count > MostWaiting)
            {
                waiting.RemoveFirst();
                givenUp++;
            }

            if (isCarrying) return;
            isCarrying = true;
        }

        _ = CarryAll();
    }

    private async Task CarryAll()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Gathering, clock, CancellationToken.None);
            if (Next() is not { Count: > 0 } letters) return;
            while (!await TryCarry(letters) && !stopping.IsCancellationRequested) await Task.Delay(Pause, clock, CancellationToken.None);
        }
    }

    private List<object> Next()
    {
        lock (gate)
        {
            List<object> letters = [];
            for (; letters.Count < MostAtOnce && waiting.First is { } first; waiting.RemoveFirst()) letters.Add(first.Value);
            isCarrying = letters.Count > 0;
            return letters;
        }
    }

    private async Task<bool> TryCarry(List<object> letters)
    {
        try
        {
            var news = new EventNews(letters.OfType<ServiceNews>().ToValueList(), letters.OfType<MemberNews>().ToValueList());
            await calls.Tell(news, stopping);
            isSilent = false;
            return true;
        }
        catch (Exception e)
        {
            if (!isSilent && !stopping.IsCancellationRequested) LogLater(letters.Count, e.Message);
            isSilent = true;
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The log of events cannot be told of {Count} changes now, it is told again: {Error}")]
    private partial void LogLater(int count, string error);
}
