using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalDapr.Launch;

/// <summary>One mapping of the run file: reads its keys with their types and names key and line when a value is wrong.</summary>
internal sealed class RunFileSection
{
    private readonly string file;
    private readonly string title;
    private readonly Dictionary<string, YamlNode> values = [];

    /// <param name="file">As the user named it.</param>
    /// <param name="title">Where this is, in words: "common", "apps[0]".</param>
    /// <param name="node">The mapping; an empty one counts as a mapping without keys.</param>
    public RunFileSection(string file, string title, YamlNode node)
    {
        this.file = file;
        this.title = title;
        Line = (int)node.Start.Line;
        if (IsNull(node)) return;
        if (node is not YamlMappingNode mapping) throw Wrong(node, $"{title} must be a mapping of keys to values");
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name }) throw Wrong(key, $"{title}: a key must be a word");
            values[name] = value;
        }
    }

    public int Line { get; }

    /// <summary>The real CLI ignores keys that it does not know, so a typo is silent there: one sentence for each.</summary>
    public IEnumerable<string> UnknownKeys(IReadOnlyCollection<string> known) =>
        from pair in values
        where !known.Contains(pair.Key)
        let meant = known.FirstOrDefault(k => k.Equals(pair.Key, StringComparison.OrdinalIgnoreCase))
        select $"{file}:{pair.Value.Start.Line}: {title}: unknown key '{pair.Key}' is ignored"
            + (meant is null ? "" : $"; did you mean '{meant}'?");

    public bool Has(string key) => values.ContainsKey(key);

    public int LineOf(string key) => values.TryGetValue(key, out var node) ? (int)node.Start.Line : Line;

    public YamlNode? Node(string key) => values.GetValueOrDefault(key);

    public string Text(string key) => Scalar(key)?.Value ?? "";

    /// <summary>A word out of a few, or empty.</summary>
    public string Choice(string key, params string[] allowed)
    {
        var text = Text(key);
        if (text.Length == 0 || allowed.Contains(text, StringComparer.Ordinal)) return text;
        throw Wrong(key, $"'{text}' is none of {string.Join(", ", allowed)}");
    }

    /// <summary>0 when absent, as the CLI takes it.</summary>
    public int Number(string key, int min, int max)
    {
        if (Scalar(key) is not { } scalar) return 0;
        // The CLI refuses quoted numbers too.
        if (scalar.Style is not YamlDotNet.Core.ScalarStyle.Plain
            || !int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Wrong(key, $"'{scalar.Value}' is not a whole number");
        return number >= min && number <= max ? number : throw Wrong(key, $"{number} is not between {min} and {max}");
    }

    public int Port(string key) => Number(key, 0, 65535);

    /// <summary>False when absent, as the CLI takes it.</summary>
    public bool Flag(string key) => Scalar(key)?.Value?.ToLowerInvariant() switch
    {
        null or "false" or "no" or "off" or "n" => false,
        "true" or "yes" or "on" or "y" => true,
        var other => throw Wrong(key, $"'{other}' is neither true nor false"),
    };

    public IReadOnlyList<string> List(string key)
    {
        if (Node(key) is not { } node || IsNull(node)) return [];
        if (node is not YamlSequenceNode sequence) throw Wrong(key, "must be a list");
        return [.. sequence.Children.Select(child =>
            child is YamlScalarNode { Value: { } text } ? text : throw Wrong(child, $"{title}: {key}: every item must be one word"))];
    }

    /// <summary>Values keep the text they were written with: <c>5</c> stays "5", <c>true</c> stays "true".</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        if (Node(key) is not { } node || IsNull(node)) return new Dictionary<string, string>();
        if (node is not YamlMappingNode mapping) throw Wrong(key, "must be a mapping of names to values");
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in mapping.Children)
        {
            if (name is not YamlScalarNode { Value: { Length: > 0 } word } || word.Contains('='))
                throw Wrong(name, $"{title}: {key}: '{name}' cannot be a name");
            if (value is not YamlScalarNode scalar) throw Wrong(value, $"{title}: {key}.{word} must be one value");
            map[word] = IsNull(scalar) ? "" : scalar.Value ?? "";
        }

        return map;
    }

    public RunFileException Wrong(string key, string why) => new($"{file}:{LineOf(key)}: {title}: {key}: {why}");

    private RunFileException Wrong(YamlNode node, string why) => new($"{file}:{node.Start.Line}: {why}");

    private YamlScalarNode? Scalar(string key) => Node(key) switch
    {
        null => null,
        YamlScalarNode scalar => IsNull(scalar) ? null : scalar,
        _ => throw Wrong(key, "must be one value"),
    };

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };
}
