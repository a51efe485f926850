using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Compose.Translation;

/// <summary>Services of which none can be the first.</summary>
internal static class Cycles
{
    /// <summary>The first circle, in words; nothing when there is none.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<KeyValuePair<string, StackService>> services)
    {
        var left = services.ToDictionary(it => it.Key, it => it.Value.DependsOn.Keys.ToList(), StringComparer.Ordinal);
        while (left.FirstOrDefault(it => !it.Value.Any(left.ContainsKey)) is { Key: { } free }) left.Remove(free);
        if (left.Count == 0) yield break;
        List<string> way = [];
        for (var at = left.Keys.Min(StringComparer.Ordinal)!; !way.Contains(at); at = left[at].First(left.ContainsKey)) way.Add(at);
        var back = left[way[^1]].First(left.ContainsKey);
        yield return string.Join(" → ", way.Skip(way.IndexOf(back)).Append(back));
    }
}
