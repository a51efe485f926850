using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>In which order services come when each waits for those it depends on. Pure.</summary>
internal static class Waves
{
    /// <summary>Names that do not depend on each other stand together, after all that they depend on; by name within a wave.</summary>
    /// <param name="services">Without circles; what is not among them counts as being there.</param>
    public static ValueList<ValueList<string>> Of(ValueMap<StackService> services)
    {
        Dictionary<string, int> levels = new(StringComparer.Ordinal);
        return services.Keys.GroupBy(name => LevelOf(name, services, levels)).OrderBy(wave => wave.Key)
            .Select(wave => wave.ToValueList()).ToValueList();
    }

    /// <summary>A way from a service back to it, the service at both ends; none when there is no circle.</summary>
    public static ValueList<string>? Circle(ValueMap<StackService> services)
    {
        HashSet<string> free = new(StringComparer.Ordinal);
        List<string> path = [];
        return services.Keys.Select(name => CircleFrom(name, services, path, free)).FirstOrDefault(circle => circle is not null);
    }

    private static int LevelOf(string name, ValueMap<StackService> services, Dictionary<string, int> levels)
    {
        if (levels.TryGetValue(name, out var known)) return known;
        var before = services[name]!.DependsOn.Keys.Where(services.ContainsKey).Select(on => LevelOf(on, services, levels));
        return levels[name] = before.DefaultIfEmpty(0).Max() + 1;
    }

    private static ValueList<string>? CircleFrom(
        string name, ValueMap<StackService> services, List<string> path, HashSet<string> free)
    {
        if (path.IndexOf(name) is >= 0 and var from) return [.. path[from..], name];
        if (!free.Add(name)) return null;
        path.Add(name);
        var circle = services[name]!.DependsOn.Keys.Where(services.ContainsKey)
            .Select(on => CircleFrom(on, services, path, free)).FirstOrDefault(it => it is not null);
        path.RemoveAt(path.Count - 1);
        return circle;
    }
}
