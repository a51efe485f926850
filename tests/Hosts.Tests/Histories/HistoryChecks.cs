using System.Globalization;

namespace Orchestrator.Hosts.Histories;

/// <summary>What must hold in every history, whatever broke. Pure.</summary>
internal static class HistoryChecks
{
    /// <summary>Every promise that was broken, a sentence each, with seconds since the history began.</summary>
    public static IReadOnlyList<string> Broken(this History history) =>
        [.. Doubles(history), .. Missing(history), .. Lost(history), .. LeftBehind(history), .. Falling(history)];

    /// <summary>At most one per slot, where that is promised.</summary>
    private static IEnumerable<string> Doubles(History history)
    {
        var once = history.Changes.Where(c => c.AtMostOne).Select(c => c.Service).ToHashSet(StringComparer.Ordinal);
        foreach (var slot in history.Lives.Where(l => once.Contains(l.Service)).GroupBy(l => (l.Service, l.Slot)))
        {
            Life? longest = null;
            foreach (var life in slot.OrderBy(l => l.Began))
            {
                if (longest is not null && longest.IsAt(life.Began))
                {
                    var end = new[] { longest.Ended, life.Ended }.Min() ?? history.Last();
                    yield return $"two at once: {longest.Instance} on {longest.Host} and {life.Instance} on {life.Host} "
                        + $"from {history.Second(life.Began)} to {history.Second(end)}";
                }

                if (longest is null || longest.Ended is { } ended && (life.Ended is null || life.Ended > ended)) longest = life;
            }
        }
    }

    /// <summary>The wanted count, as long as there is calm.</summary>
    private static IEnumerable<string> Missing(History history) =>
        from calm in history.Calms
        from service in history.Services()
        where history.Wanted(service, calm.From) is [var wanted]
            && !history.Changes.Any(c => c.Service == service && c.Asked < calm.To && c.Answered > calm.From)
        let wanted = history.Wanted(service, calm.From)[0] ?? 0
        let lives = history.Lives.Where(l => l.Service == service).ToList()
        from moment in lives.SelectMany(l => new[] { l.Began, l.Ended ?? calm.From }).Append(calm.From)
            .Where(m => m >= calm.From && m < calm.To).Distinct().Order()
        let live = lives.Count(l => l.IsAt(moment))
        where live != wanted
        select $"{live} of {wanted}: {service} at {history.Second(moment)}, when nothing was broken";

    /// <summary>What was accepted last is what is there in the end; what is unknown may be so or not.</summary>
    private static IEnumerable<string> Lost(History history)
    {
        if (history.Rest is not { } rest) yield break;
        foreach (var service in history.Services())
        {
            var wanted = history.Wanted(service, DateTimeOffset.MaxValue);
            int? seen = rest.Services.TryGetValue(service, out var instances) ? instances.Count : null;
            if (!wanted.Contains(seen))
                yield return $"lost: {service} was to have {string.Join(" or ", wanted.Select(Words))}, and has {Words(seen)}";
        }
    }

    /// <summary>No container without an instance, no instance without a container, no service that nobody made.</summary>
    private static IEnumerable<string> LeftBehind(History history)
    {
        if (history.Rest is not { } rest) yield break;
        var named = rest.Services.Values.SelectMany(i => i).ToHashSet(StringComparer.Ordinal);
        foreach (var left in rest.Containers.Where(c => !named.Contains(c.Instance)))
            yield return $"left behind: {left.Instance} on {left.Host}";
        foreach (var twice in rest.Containers.GroupBy(c => c.Instance).Where(g => g.Count() > 1))
            yield return $"left behind: {twice.Key} on {string.Join(" and ", twice.Select(c => c.Host))}";
        foreach (var name in named.Except(rest.Containers.Select(c => c.Instance)))
            yield return $"no container: {name}";
        foreach (var service in rest.Services.Keys.Except(history.Services()))
            yield return $"left behind: the service {service}, which nobody made";
    }

    /// <summary>Epochs only rise: of what a worker takes, and of what a client is told.</summary>
    private static IEnumerable<string> Falling(History history)
    {
        foreach (var worker in history.Lives.GroupBy(l => (l.Service, l.Host)))
        {
            foreach (var (before, after) in Pairs(worker.OrderBy(l => l.Began)).Where(p => p.After.Epoch < p.Before.Epoch))
                yield return $"epoch fell: {after.Host} began {after.Instance} of epoch {after.Epoch} at {history.Second(after.Began)}, "
                    + $"after {before.Instance} of epoch {before.Epoch}";
        }

        foreach (var service in history.Sights.GroupBy(s => s.Service))
        {
            foreach (var (before, after) in Pairs(service.OrderBy(s => s.At)).Where(p => p.After.Epoch < p.Before.Epoch))
                yield return $"epoch fell: {service.Key} was at {before.Epoch}, and at {after.Epoch} at {history.Second(after.At)}";
        }
    }

    private static IEnumerable<(T Before, T After)> Pairs<T>(IEnumerable<T> all)
    {
        var list = all.ToList();
        return list.Zip(list.Skip(1));
    }

    private static IEnumerable<string> Services(this History history) => history.Changes.Select(c => c.Service).Distinct();

    /// <summary>How many instances may be wanted at a moment; null for a service that is not to be there.</summary>
    private static List<int?> Wanted(this History history, string service, DateTimeOffset at)
    {
        List<int?> wanted = [null];
        foreach (var change in history.Changes.Where(c => c.Service == service && c.Answered <= at).OrderBy(c => c.Answered))
        {
            if (change.Kind is ChangeKind.Release or ChangeKind.Rollback) continue;
            int? next = change.Kind == ChangeKind.Delete ? null : change.Instances;
            if (change.Outcome == Outcome.Accepted) wanted = [next];
            else if (change.Outcome == Outcome.Unknown && !wanted.Contains(next)) wanted.Add(next);
        }

        return wanted;
    }

    /// <summary>The whole story in order, a line for each thing that happened.</summary>
    public static string Story(this History history)
    {
        var lines = history.Lives.Select(l => (l.Began, $"{l.Host} starts {l.Instance} (epoch {l.Epoch})"))
            .Concat(history.Lives.Where(l => l.Ended is not null).Select(l => (l.Ended!.Value, $"{l.Host} ends {l.Instance}")))
            .Concat(history.Changes.Select(c => (c.Answered, $"client: {c.Kind} {c.Service} × {c.Instances}: {c.Outcome}, "
                + $"asked at {history.Second(c.Asked)}")))
            .Concat(history.Calms.Select(c => (c.From, $"calm until {history.Second(c.To)}")))
            .Concat(history.Notes.Select(n => (n.At, n.What)));
        return string.Join("\n", lines.OrderBy(l => l.Item1).Select(l => $"{history.Second(l.Item1),8} {l.Item2}"));
    }

    private static string Words(int? instances) => instances is { } count ? $"{count} instances" : "nothing";

    private static DateTimeOffset First(this History history) =>
        history.Lives.Select(l => l.Began).Concat(history.Changes.Select(c => c.Asked)).Concat(history.Sights.Select(s => s.At))
            .Concat(history.Notes.Select(n => n.At)).DefaultIfEmpty().Min();

    private static DateTimeOffset Last(this History history) =>
        history.Lives.SelectMany(l => new[] { l.Began, l.Ended ?? l.Began }).Concat(history.Calms.Select(c => c.To)).Max();

    private static string Second(this History history, DateTimeOffset at) =>
        (at - history.First()).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";
}
