using System.Globalization;
using Orchestrator.Compose.Answers;

namespace Orchestrator.Compose.Nodes;

/// <summary>A value in a compose file, with the place where it stands.</summary>
/// <param name="Mark">What a tag says about merging.</param>
internal abstract record Node(Place At, Mark Mark)
{
    /// <summary>Text that is equal for equal values, wherever they stand.</summary>
    public abstract string Image { get; }
}

/// <param name="IsNull">Nothing is written: not even an empty text.</param>
/// <param name="IsPlain">It stands there without quotes.</param>
internal sealed record ScalarNode(Place At, string Text, bool IsNull = false, bool IsPlain = false, Mark Mark = Mark.None)
    : Node(At, Mark)
{
    public override string Image => IsNull ? "~" : $"'{Text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static ScalarNode Null(Place at) => new(at, "", IsNull: true);
}

internal sealed record ListNode(Place At, IReadOnlyList<Node> Items, Mark Mark = Mark.None) : Node(At, Mark)
{
    public override string Image => $"[{string.Join(',', Items.Select(it => it.Image))}]";
}

internal sealed record MapNode(Place At, OrderedDictionary<string, Node> Fields, Mark Mark = Mark.None) : Node(At, Mark)
{
    public override string Image =>
        $"{{{string.Join(',', Fields.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}:{it.Value.Image}"))}}}";

    public Node? this[string key] => Fields.GetValueOrDefault(key);

    public static MapNode Of(Place at, params (string Key, Node? Value)[] fields)
    {
        OrderedDictionary<string, Node> map = [];
        foreach (var (key, value) in fields)
        {
            if (value is not null) map[key] = value;
        }

        return new(at, map);
    }

    /// <summary>The same with another value of a field; none takes it away.</summary>
    public MapNode With(string key, Node? value)
    {
        OrderedDictionary<string, Node> map = new(Fields);
        if (value is null) map.Remove(key);
        else map[key] = value;
        return this with { Fields = map };
    }

    /// <summary>The same with each value made another; none takes a field away.</summary>
    public MapNode Each(Func<string, Node, Node?> make)
    {
        OrderedDictionary<string, Node> map = [];
        foreach (var (key, value) in Fields)
        {
            if (make(key, value) is { } made) map[key] = made;
        }

        return this with { Fields = map };
    }
}

/// <summary>What a value does to the one that it is merged over.</summary>
internal enum Mark
{
    /// <summary>It is merged by the rules.</summary>
    None,

    /// <summary><c>!reset</c>: neither is there any more.</summary>
    Reset,

    /// <summary><c>!override</c>: it takes the other's place.</summary>
    Override,
}

internal static class Nodes
{
    public static ScalarNode Text(this Place at, string text) => new(at, text);

    public static ScalarNode Number(this Place at, int number) => new(at, number.ToString(CultureInfo.InvariantCulture), IsPlain: true);

    public static ScalarNode Flag(this Place at, bool flag) => new(at, flag ? "true" : "false", IsPlain: true);

    /// <summary>What it is, for sentences that say what it should be.</summary>
    public static string Word(this Node node) => node switch
    {
        MapNode => "a mapping",
        ListNode => "a list",
        ScalarNode { IsNull: true } => "empty",
        _ => "a single value",
    };
}
