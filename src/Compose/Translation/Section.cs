using System.Globalization;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>
/// A mapping of which each field is taken once: as what it should be, or as something that is done otherwise. What nobody has taken in the
/// end is no field at all.
/// </summary>
/// <param name="field">How it is called in remarks: <c>services.*.deploy</c>.</param>
internal sealed class Section(MapNode map, string field, Notes notes)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public Place At => map.At;

    public Notes Notes => notes;

    public bool IsEmpty => map.Fields.Count == 0;

    /// <summary>What is written for a field; none when nothing is.</summary>
    public Node? Take(string name)
    {
        known.Add(name);
        return map[name] is ScalarNode { IsNull: true } ? null : map[name];
    }

    public ScalarNode? Scalar(string name) => Take(name) switch
    {
        null => null,
        ScalarNode scalar => scalar,
        var other => Wrong<ScalarNode>(other, $"is {other.Word()}, and a single value is expected"),
    };

    public string? Text(string name) => Scalar(name)?.Text;

    /// <summary>What is empty is not there: a variable was not set.</summary>
    public string? Filled(string name) => Text(name) is { Length: > 0 } text ? text : null;

    public bool? Flag(string name) => Scalar(name) is not { } it ? null : it.Text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => Wrong<bool>(it, $"is true or false, not '{it.Text}'"),
    };

    public int? Number(string name, int least = int.MinValue)
    {
        if (Scalar(name) is not { } it) return null;
        var isNumber = int.TryParse(it.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= least ? number
            : Wrong<int>(it, $"is a whole number{(least == int.MinValue ? "" : $" from {least}")}, not '{it.Text}'");
    }

    public double? Fraction(string name) => Scalar(name) is not { } it ? null
        : double.TryParse(it.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
        : Wrong<double>(it, $"is a number from 0, such as 0.5, not '{it.Text}'");

    public TimeSpan? Duration(string name) => Scalar(name) is not { } it ? null
        : Values.Duration(it.Text) ?? Wrong<TimeSpan>(it, $"is a duration such as 10s, 1m30s or 500ms, not '{it.Text}'");

    public ByteSize? Size(string name) => Scalar(name) is not { } it ? null
        : ByteSize.TryParse(it.Text, out var size) ? size
        : Wrong<ByteSize>(it, $"is an amount of memory such as 512k, 64m or 2gb, not '{it.Text}'");

    /// <summary>Permissions; a number is octal when it begins with 0 or 0o, a text always is.</summary>
    public int? Mode(string name) => Scalar(name) is not { } it ? null
        : Values.Mode(it) ?? Wrong<int>(it, $"is octal permissions such as 0440, not '{it.Text}'");

    public ValueList<string> Texts(string name)
    {
        var node = Take(name);
        if (node is not (null or ListNode)) notes.Wrong(node.At, $"is {node.Word()}, and a list is expected");
        return TextsOf(node).ToValueList();
    }

    /// <summary>A mapping of texts; what has no value has an empty one.</summary>
    public ValueMap Pairs(string name) =>
        new(Entries(name).Select(it => KeyValuePair.Create(it.Name, ScalarOf(it.Value)?.Text ?? "")));

    public IEnumerable<(string Name, Node Value)> Entries(string name)
    {
        var node = Take(name);
        if (node is not (null or MapNode)) notes.Wrong(node.At, $"is {node.Word()}, and a mapping is expected");
        return node is MapNode entries ? entries.Fields.Where(it => !IsExtension(it.Key)).Select(it => (it.Key, it.Value)) : [];
    }

    public Section Below(string name) => new(MapOf(Take(name)) ?? MapNode.Of(At.Below(name)), Path(name), notes);

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<Section> Items(string name)
    {
        var node = Take(name);
        if (node is not (null or ListNode)) notes.Wrong(node.At, $"is {node.Word()}, and a list is expected");
        return node is ListNode list ? list.Items.Select(MapOf).OfType<MapNode>().Select(it => new Section(it, Path(name), notes)) : [];
    }

    /// <summary>The mappings of a mapping, by name; one that is empty says nothing.</summary>
    public IEnumerable<(string Name, Section Section)> Named(string name) => Entries(name).Select(it =>
    {
        var value = it.Value is ScalarNode { IsNull: true } ? null : MapOf(it.Value);
        return (it.Name, new Section(value ?? MapNode.Of(it.Value.At), $"{Path(name)}.*", notes));
    });

    /// <summary>This is not done; if it is written, that happens instead.</summary>
    public void Instead(string happens, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Take(name) is { } node) notes.Instead(Path(name), node.At, happens);
        }
    }

    /// <summary>Says so of a field that has been taken.</summary>
    public void Note(string name, string happens) => notes.Instead(Path(name), map[name]?.At ?? At, happens);

    /// <summary>Means nothing where a stack is deployed, and nothing is lost without it.</summary>
    public void Silent(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) known.Add(name);
    }

    public void Wrong(string name, string reason) => notes.Wrong(map[name]?.At ?? At.Below(name), reason);

    /// <summary>The first field that is written beside those named.</summary>
    public string? Others(params string[] names) => map.Fields.Where(it => it.Value is not ScalarNode { IsNull: true })
        .Select(it => it.Key).FirstOrDefault(it => !names.Contains(it) && !IsExtension(it));

    /// <summary>What is left is unknown, but for what begins with <c>x-</c>.</summary>
    public void End()
    {
        foreach (var (name, value) in map.Fields)
        {
            if (known.Contains(name) || IsExtension(name)) continue;
            var like = known.OrderBy(it => Values.Distance(it, name)).FirstOrDefault(it => Values.Distance(it, name) <= 2);
            notes.Instead(Path(name), value.At,
                $"is no field of the Compose specification, and left out{(like is null ? "" : $"; is it {like}?")}");
        }
    }

    private string Path(string name) => field.Length == 0 ? name : $"{field}.{name}";

    private IEnumerable<string> TextsOf(Node? node) =>
        node is ListNode list ? list.Items.Select(ScalarOf).OfType<ScalarNode>().Select(it => it.Text) : [];

    private ScalarNode? ScalarOf(Node node) => node as ScalarNode
        ?? Wrong<ScalarNode>(node, $"is {node.Word()}, and a single value is expected");

    private MapNode? MapOf(Node? node) => node switch
    {
        null => null,
        MapNode it => it,
        _ => Wrong<MapNode>(node, $"is {node.Word()}, and a mapping is expected"),
    };

    private T? Wrong<T>(Node node, string reason)
    {
        notes.Wrong(node.At, reason);
        return default;
    }

    private static bool IsExtension(string name) => name.StartsWith("x-", StringComparison.Ordinal);
}
