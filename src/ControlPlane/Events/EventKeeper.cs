using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Events;

/// <summary>
/// Numbers what has changed and keeps the last thousands of it. News costs a write only when an event follows from it. Its calls must come
/// one at a time; the actor sees to that.
/// </summary>
/// <param name="open">The part that grows.</param>
/// <param name="closed">A closed part, by the number with which it begins.</param>
/// <param name="checkpoint">What had been told of when a part was closed.</param>
internal sealed class EventKeeper(
    IStoredRecord<EventRecord> open, Func<long, IStoredRecord<EventSegment>> closed, IStoredRecord<ToldRecord> checkpoint)
{
    /// <summary>So many events are rewritten at most when one more comes.</summary>
    public const int SegmentSize = 100;

    private const int KeptSegments = 50;

    /// <summary>A page does not read more of the store than so.</summary>
    private const int SegmentsAPage = 10;

    private readonly Dictionary<long, EventSegment> read = [];
    private EventRecord? record;
    private Told told = null!;

    public async Task Tell(EventNews news)
    {
        var current = await Load();
        try
        {
            List<KeptEvent> events = [];
            foreach (var it in news.Members) events.AddRange(told.Take(it));
            foreach (var it in news.Services) events.AddRange(told.Take(it));
            if (events.Count == 0) return;
            record = current with { Events = [.. current.Events, .. events] };
            await open.Save(record);
            if (record.Events.Count >= SegmentSize) record = await Close(record);
        }
        catch
        {
            // Told of is only what was saved: the next call reads that again.
            record = null;
            throw;
        }
    }

    public async Task<EventPage> Page(EventQuestion question)
    {
        var current = await Load();
        var newest = current.First + current.Events.Count - 1;
        var oldest = current.Kept is [var first, ..] ? first : current.First;
        if (question.After is not { } after) return new(current.Log, oldest, newest, newest, []);
        var upTo = Math.Clamp(after, oldest - 1, newest);
        List<NumberedEvent> found = [];
        for (var parts = 0; upTo < newest && found.Count < question.Limit && parts < SegmentsAPage; parts++)
        {
            var segment = await Segment(current, upTo + 1);
            for (; upTo < segment.First + segment.Events.Count - 1 && found.Count < question.Limit; upTo++)
            {
                var it = segment.Events[(int)(upTo + 1 - segment.First)].Event;
                if (question.Service is null || it.Service == question.Service) found.Add(new(upTo + 1, it));
            }
        }

        return new(current.Log, oldest, newest, upTo, found.ToValueList());
    }

    private async Task<EventRecord> Load()
    {
        if (record is not null) return record;
        read.Clear();
        var found = await open.Load() ?? new EventRecord(Guid.CreateVersion7().ToString("N")[^8..], First: 1, [], []);
        var known = await checkpoint.Load();
        if (known?.Log != found.Log) known = null;
        told = new Told(known);
        foreach (var (at, kept) in found.Events.Index())
        {
            if (found.First + at > (known?.UpTo ?? 0)) told.Replay(kept);
        }

        return record = found;
    }

    /// <summary>In this order: whenever it is broken off, what is stored says the same.</summary>
    private async Task<EventRecord> Close(EventRecord full)
    {
        var part = new EventSegment(full.First, full.Events);
        var place = closed(full.First);
        await place.Load();
        await place.Save(part);
        read[full.First] = part;
        var next = full.First + full.Events.Count;
        await checkpoint.Save(told.ToRecord(full.Log, next - 1));
        var kept = full.Kept.Append(full.First).ToList();
        var over = kept.Take(Math.Max(0, kept.Count - KeptSegments)).ToList();
        var emptied = full with { First = next, Events = [], Kept = kept.Skip(over.Count).ToValueList() };
        await open.Save(emptied);
        foreach (var first in over) await Drop(first);
        return emptied;
    }

    private async Task Drop(long first)
    {
        read.Remove(first);
        var place = closed(first);
        if (await place.Load() is not null) await place.Remove();
    }

    private async Task<EventSegment> Segment(EventRecord current, long number)
    {
        if (number >= current.First) return new(current.First, current.Events);
        var first = current.Kept.Last(it => it <= number);
        if (read.TryGetValue(first, out var known)) return known;
        return read[first] = await closed(first).Load() ?? Missing(first);
    }

    private static EventSegment Missing(long first) =>
        throw new StoreTroubleException($"events from number {first} on are not there", isSent: false);
}
