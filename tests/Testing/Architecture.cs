using System.Reflection;

namespace Orchestrator.Testing;

/// <summary>
/// Which folder of an assembly uses which (a folder is what stands below the root namespace, "." is the root itself), read from metadata
/// and method bodies, and whether that runs one way. Code outside the root namespace, as Program, stands above everything and is not asked.
/// </summary>
public static class Architecture
{
    /// <summary>Every type that uses a type of another folder, each pair once. Not seen: constants, which the compiler copies.</summary>
    public static IReadOnlyList<Use> Uses(Assembly assembly, string root) =>
        [.. TypeUses.Of(assembly)
            .Where(use => IsBelow(root, use.User.Namespace) && IsBelow(root, use.Used.Namespace))
            .Select(use => new Use(Folder(root, use.User.Namespace), use.User.Name, Folder(root, use.Used.Namespace), use.Used.Name))
            .Where(use => use.Folder != use.UsedFolder)
            .Distinct()
            .OrderBy(use => use.ToString(), StringComparer.Ordinal)];

    /// <summary>The shortest circle through each folder that is in one, with an example for every step; none is what one wants.</summary>
    public static IReadOnlyList<string> Circles(IReadOnlyList<Use> uses) =>
        [.. uses.Select(use => use.Folder).Distinct()
            .Select(folder => ShortestCircle(folder, uses))
            .OfType<List<Use>>()
            .DistinctBy(circle => string.Join(' ', circle.Select(use => use.Folder).Order(StringComparer.Ordinal)))
            .Select(circle => string.Join(", ", circle))];

    /// <summary>
    /// What breaks the order of the layers, the lowest first: a type that uses a folder of a higher layer or another one of its own, a
    /// folder that is in no layer, and a folder of a layer that does not exist.
    /// </summary>
    public static IReadOnlyList<string> AgainstTheDirection(Assembly assembly, string root, IReadOnlyList<string[]> layers)
    {
        var height = layers.SelectMany((folders, layer) => folders.Select(folder => (folder, layer))).ToDictionary();
        var existing = assembly.GetTypes().Where(type => IsBelow(root, type.Namespace ?? "")).Select(type => Folder(root, type.Namespace!)).ToHashSet();
        return
        [
            .. existing.Where(folder => !height.ContainsKey(folder)).Select(folder => $"{folder} is in no layer"),
            .. height.Keys.Where(folder => !existing.Contains(folder)).Select(folder => $"{folder} is in a layer, but there is no such folder"),
            .. Uses(assembly, root)
                .Where(use => height.TryGetValue(use.Folder, out int mine) && height.TryGetValue(use.UsedFolder, out int other) && mine <= other)
                .Select(use => use.ToString()),
        ];
    }

    private static List<Use>? ShortestCircle(string start, IReadOnlyList<Use> uses)
    {
        var ways = new Queue<List<Use>>([[]]);
        var reached = new HashSet<string>();
        while (ways.TryDequeue(out var way))
        {
            string end = way.Count == 0 ? start : way[^1].UsedFolder;
            if (way.Count > 0 && end == start) return way;
            foreach (var next in uses.Where(use => use.Folder == end))
            {
                if (reached.Add(next.UsedFolder)) ways.Enqueue([.. way, next]);
            }
        }

        return null;
    }

    private static bool IsBelow(string root, string name) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private static string Folder(string root, string name) => name == root ? "." : name[(root.Length + 1)..];
}

/// <summary>One type of one folder needs one of another.</summary>
public sealed record Use(string Folder, string Type, string UsedFolder, string UsedType)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Folder}/{Type} uses {UsedFolder}/{UsedType}";
}
