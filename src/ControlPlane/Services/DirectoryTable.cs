using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// The services by name, as one activation of the directory knows them. Lines may come late, twice and in any order: what is older than
/// what is known changes nothing. No clock and no store.
/// </summary>
internal sealed class DirectoryTable
{
    /// <summary>Whoever told that it would look has a moment to do it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>After its activation the masters tell again what they know; who is not heard of then is asked.</summary>
    private static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>A keeper that finds no record is believed when nobody can be about to write one.</summary>
    private static readonly TimeSpan NotBeingWritten = TimeSpan.FromMinutes(1);

    private const int KeptGone = 10_000;

    /// <summary>So many that would be erased are made to look at a time.</summary>
    private const int ErasedAtOnce = 50;

    private readonly ControlPlaneOptions options;
    private readonly SortedList<string, DirectoryEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceLine> gone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, DateTimeOffset AskedAt)> tombstones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Home, DateTimeOffset HeardAt)> masters = new(StringComparer.Ordinal);

    public DirectoryTable(DirectoryRecord? stored, ControlPlaneOptions options, DateTimeOffset now)
    {
        this.options = options;
        foreach (var (at, name) in (stored?.Names ?? []).Index())
        {
            var epoch = stored!.Epochs is { } epochs && at < epochs.Count ? epochs[at] : 0;
            var line = new ServiceLine { Name = name, Epoch = epoch, Turn = 0 };
            entries[name] = new() { Line = line, ToldAt = now, LookAt = now + HeardWithin - Grace };
        }

        foreach (var it in stored?.Gone ?? []) tombstones[it.Name] = (it.At, DateTimeOffset.MinValue);
        Floor = stored?.Floor ?? 0;
    }

    public ValueList<string> Names => entries.Keys.ToValueList();

    /// <summary>No epoch of a service that is gone was higher.</summary>
    public long Floor { get; private set; }

    public DirectoryRecord ToRecord() => new(
        Names, entries.Values.Select(entry => entry.Line.Epoch).ToValueList(),
        tombstones.Select(it => new GoneService(it.Key, it.Value.At)).OrderBy(it => it.Name, StringComparer.Ordinal).ToValueList(), Floor);

    /// <summary>A master lives; answers what to call this life of it.</summary>
    public string Hear(string master, string process, DateTimeOffset now)
    {
        var home = $"{master} {process}";
        masters[master] = (home, now);
        return home;
    }

    /// <summary>Takes a line; answers whether that is to be saved.</summary>
    /// <param name="home">Whose keeper told it.</param>
    public bool Take(ServiceLine line, string home, DateTimeOffset now)
    {
        var entry = entries.GetValueOrDefault(line.Name);
        if (line.Gone) return entry is not null ? Leave(entry, line, now) : Erase(line, now);
        if (entry is not null && entry.Line.IsNewerThan(line)) return false;
        if (entry is null && gone.TryGetValue(line.Name, out var left) && !line.IsNewerThan(left)) return false;
        var isToBeSaved = entry is null || entry.Line.Epoch < line.Epoch;
        // Who tells of a service that nobody has announced may be one that does not know of its end: that is looked into.
        var isDoubtful = entry is null && line.Summary is not null;
        entries[line.Name] = new()
        {
            Line = line,
            Summary = line.Summary ?? entry?.Summary?.Unobserved(),
            LookAt = isDoubtful ? DateTimeOffset.MinValue : line.LookAt,
            Home = home,
            ToldAt = now,
        };
        gone.Remove(line.Name);
        tombstones.Remove(line.Name);
        return isToBeSaved;
    }

    public DirectoryPage Page(DirectoryQuestion question)
    {
        List<Contracts.Services.ServiceSummary> lines = [];
        List<string> unknown = [];
        string? last = null;
        for (var at = FirstAfter(question.After); at < entries.Count; at++)
        {
            if (lines.Count + unknown.Count == question.Limit) return new(lines.ToValueList(), unknown.ToValueList(), last);
            last = entries.GetKeyAtIndex(at);
            if (entries.GetValueAtIndex(at).Summary is not { } summary) unknown.Add(last);
            else if (question.Filter.Takes(summary)) lines.Add(summary);
        }

        return new(lines.ToValueList(), unknown.ToValueList(), null);
    }

    /// <summary>
    /// Who needs a look: whose time has come and who did not do it, whose master is gone, who has instances where none should stay. Each
    /// is named once in a while only.
    /// </summary>
    /// <param name="calm">Workers that are neither lost nor draining; none when that is not known.</param>
    public ValueList<string> Due(ValueList<string>? calm, DateTimeOffset now)
    {
        ForgetSilentMasters(now);
        var living = masters.Values.Select(master => master.Home).ToHashSet(StringComparer.Ordinal);
        var staying = calm?.ToHashSet(StringComparer.Ordinal);
        List<string> due = [];
        foreach (var (name, entry) in entries)
        {
            if (entry.Home is not null && !living.Contains(entry.Home)) Orphan(entry, now);
            var isTime = entry.LookAt is { } at && now - at >= Grace && now - entry.AskedAt >= AskAgainAfter;
            if (!isTime && !IsUneasy(entry, staying, now)) continue;
            entry.AskedAt = now;
            due.Add(name);
        }

        due.AddRange(ToBeErased(now));
        return due.ToValueList();
    }

    /// <summary>A tombstone is kept while something late may come of what it was; then its keeper looks whether it can go.</summary>
    private List<string> ToBeErased(DateTimeOffset now)
    {
        var old = tombstones.Where(it => now - it.Value.At >= options.TombstoneKept && now - it.Value.AskedAt >= options.TombstoneKept)
            .Select(it => it.Key).Take(ErasedAtOnce).ToList();
        foreach (var name in old) tombstones[name] = tombstones[name] with { AskedAt = now };
        return old;
    }

    /// <summary>
    /// News of one that is not listed: its epoch is to be passed when the name is used again, or it has no record any more.
    /// </summary>
    private bool Erase(ServiceLine line, DateTimeOffset now)
    {
        if (line.Epoch == 0)
        {
            gone.Remove(line.Name);
            return tombstones.Remove(line.Name);
        }

        // A version that erased none has left this one, and somebody has come upon it.
        var isFound = tombstones.Count < KeptGone && tombstones.TryAdd(line.Name, (now, DateTimeOffset.MinValue));
        var isHigher = line.Epoch > Floor;
        Floor = Math.Max(Floor, line.Epoch);
        return isFound || isHigher;
    }

    private bool IsUneasy(DirectoryEntry entry, HashSet<string>? calm, DateTimeOffset now)
    {
        if (calm is null || entry.Summary is not { } summary || now - entry.AskedAt < options.RemindEvery) return false;
        foreach (var worker in summary.Workers)
        {
            if (!calm.Contains(worker)) return true;
        }

        return false;
    }

    /// <summary>Nobody is left who would say what has become of it.</summary>
    private static void Orphan(DirectoryEntry entry, DateTimeOffset now)
    {
        entry.Home = null;
        entry.Summary = entry.Summary?.Unobserved();
        entry.LookAt = now - Grace;
    }

    private bool Leave(DirectoryEntry entry, ServiceLine line, DateTimeOffset now)
    {
        if (line.Epoch == 0 ? now - entry.ToldAt < NotBeingWritten : entry.Line.IsNewerThan(line)) return false;
        entries.Remove(line.Name);
        if (line.Epoch > 0)
        {
            Floor = Math.Max(Floor, Math.Max(line.Epoch, entry.Line.Epoch));
            if (tombstones.Count < KeptGone) tombstones[line.Name] = (now, DateTimeOffset.MinValue);
        }

        if (gone.Count >= KeptGone) gone.Clear();
        // Where there is no record the next one is the first again.
        gone[line.Name] = line;
        return true;
    }

    private void ForgetSilentMasters(DateTimeOffset now)
    {
        foreach (var (master, (_, heardAt)) in masters)
        {
            if (now - heardAt > 3 * options.SweepEvery) masters.Remove(master);
        }
    }

    private int FirstAfter(string? name)
    {
        var (from, to) = (0, name is null ? 0 : entries.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (string.CompareOrdinal(entries.GetKeyAtIndex(middle), name) <= 0) from = middle + 1;
            else to = middle;
        }

        return from;
    }
}
