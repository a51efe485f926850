using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Events;

/// <summary>
/// What one listener is told: all that came after an event, in order and each once, then what is new, and in between signs of life.
/// </summary>
/// <param name="service">Only events of this service; none for all.</param>
internal sealed class EventReading(EventFeed feed, IEventCalls calls, string? service, TimeProvider clock)
{
    private const int PageSize = 200;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>Where the history is now, for who wants to hear of what comes.</summary>
    public async Task<EventMark> Now(CancellationToken cancel)
    {
        var page = await Bounds(cancel);
        return new(page.Log, page.Newest);
    }

    /// <summary>The place before the first event that is kept.</summary>
    public async Task<EventMark> Start(CancellationToken cancel)
    {
        var page = await Bounds(cancel);
        return new(page.Log, page.Oldest - 1);
    }

    /// <summary>Where the history begins and ends; no events.</summary>
    private Task<EventPage> Bounds(CancellationToken cancel) => calls.Page(new EventQuestion(null, null, 1), cancel);

    /// <summary>Items without an event are signs of life.</summary>
    public async IAsyncEnumerable<Item> After(EventMark at, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var listening = feed.Listen();
        var isUpToDate = false;
        while (!cancel.IsCancellationRequested)
        {
            if (feed.After(at) is { } fresh)
            {
                isUpToDate = true;
                foreach (var item in Items(at.Log, fresh.Events.Where(IsAsked).ToValueList())) yield return item;
                at = fresh.Newest;
                if (!fresh.More.IsCompleted && !await Ends(fresh.More, cancel)) yield return new(at, null);
                continue;
            }

            // Whoever was up to date and is not covered any more did not read while thousands of events came.
            if (isUpToDate && feed.Ahead(at) is > EventFeed.Kept and var behind)
            {
                yield return new(at, TooSlow(behind));
                yield break;
            }

            if (await Ask(at, cancel) is not { } page)
            {
                yield return new(at, null);
                continue;
            }

            (at, var items, var isAll) = Read(at, page);
            foreach (var item in items) yield return item;
            if (isAll && feed.After(at) is null) await Task.Delay(AskAgain / 10, clock, cancel);
        }
    }

    /// <summary>All that came after an event up to now, and no more.</summary>
    public async IAsyncEnumerable<Item> Kept(EventMark at, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await calls.Page(new EventQuestion(at.Number, service, PageSize), cancel);
            (at, var items, var isAll) = Read(at, page);
            foreach (var item in items) yield return item;
            if (isAll) yield break;
        }
    }

    /// <summary>What a page tells of what came after an event, where that leads, and whether it is all that there is.</summary>
    private (EventMark Next, IEnumerable<Item> Items, bool IsAll) Read(EventMark at, EventPage page)
    {
        if (Gap(at, page) is not { } gap) return (new(at.Log, page.Upto), Items(at.Log, page.Events), page.Upto == page.Newest);
        var begin = new EventMark(page.Log, page.Oldest - 1);
        return (begin, [new(begin, gap)], false);
    }

    private static IEnumerable<Item> Items(string log, ValueList<NumberedEvent> events) =>
        events.Select((it, at) => new Item(new(log, it.Number), it.Event, at == events.Count - 1));

    private bool IsAsked(NumberedEvent it) => service is null || it.Event.Service == service;

    /// <summary>None when the log gives no answer at present.</summary>
    private async Task<EventPage?> Ask(EventMark at, CancellationToken cancel)
    {
        try
        {
            return await calls.Page(new EventQuestion(at.Number, service, PageSize), cancel);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            await Task.Delay(AskAgain, clock, cancel);
            return null;
        }
    }

    private async Task<bool> Ends(Task more, CancellationToken cancel)
    {
        try
        {
            await more.WaitAsync(SignOfLife, clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private ClusterEvent? Gap(EventMark at, EventPage page) =>
        at.Log != page.Log || at.Number > page.Newest
            ? Told(EventKind.Gap, $"the history in which {at} is does not exist any more; what is kept of another one follows")
        : at.Number < page.Oldest - 1
            ? Told(EventKind.Gap, $"{page.Oldest - 1 - at.Number} events after {at} are not kept any more")
        : null;

    private ClusterEvent TooSlow(long behind) => Told(
        EventKind.CutOff, $"you read too slowly and are {behind} events behind: connect again with Last-Event-ID, and take them faster");

    private ClusterEvent Told(EventKind kind, string what) =>
        new() { At = clock.GetUtcNow(), Kind = kind, What = what, Service = service };

    /// <param name="Id">Who connects again with it is told what came after.</param>
    /// <param name="IsLast">Whether no further one is known at this moment.</param>
    internal sealed record Item(EventMark Id, ClusterEvent? Event, bool IsLast = true);
}
