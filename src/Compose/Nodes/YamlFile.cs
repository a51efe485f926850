using Orchestrator.Compose.Answers;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Compose.Nodes;

/// <summary>Reads the YAML of a file: aliases and merge keys (<c>&lt;&lt;</c>) are resolved, each value knows where it stands.</summary>
internal sealed class YamlFile
{
    /// <summary>Aliases can make a small file endless; no compose file has so many values.</summary>
    private const int MostNodes = 100_000;
    private const int Deepest = 60;

    private readonly string file;
    private int count;

    private YamlFile(string file) => this.file = file;

    /// <summary>The mapping that the file consists of.</summary>
    /// <exception cref="ComposeFault">It is no YAML, or something else than one mapping.</exception>
    public static MapNode Read(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new ComposeFault(new(file, (int)e.Start.Line, ""), $"is not YAML: {Reason(e)}");
        }

        var whole = new Place(file, 0, "");
        return stream.Documents switch
        {
            [] => MapNode.Of(whole),
            [var one] => new YamlFile(file).Node(one.RootNode, "", 0) switch
            {
                MapNode map => map,
                ScalarNode { IsNull: true } => MapNode.Of(whole),
                var other => throw new ComposeFault(other.At, $"is {other.Word()}; a compose file is a mapping, with services: in it"),
            },
            _ => throw new ComposeFault(whole, "has several documents (---); give each a file of its own"),
        };
    }

    private static string Reason(YamlException e) => (e.InnerException ?? e).Message;

    private Node Node(YamlNode node, string path, int depth)
    {
        var at = new Place(file, (int)node.Start.Line, path);
        if (++count > MostNodes) throw new ComposeFault(at, $"has more than {MostNodes} values, aliases resolved");
        if (depth > Deepest) throw new ComposeFault(at, "goes too deep, or an alias contains itself");
        var mark = MarkOf(node, at);
        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar, at, mark),
            YamlSequenceNode list => new ListNode(at, [.. list.Children.Select((it, i) => Node(it, $"{path}[{i}]", depth + 1))], mark),
            YamlMappingNode map => Map(map, at, mark, depth),
            _ => throw new ComposeFault(at, "is neither a value, a list nor a mapping"),
        };
    }

    private static ScalarNode Scalar(YamlScalarNode scalar, Place at, Mark mark)
    {
        var isPlain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any && !IsText(scalar);
        var text = scalar.Value ?? "";
        return new(at, text, isPlain && text is "" or "~" or "null" or "Null" or "NULL", isPlain, mark);
    }

    private static bool IsText(YamlScalarNode scalar) => !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str";

    private MapNode Map(YamlMappingNode map, Place at, Mark mark, int depth)
    {
        OrderedDictionary<string, Node> merged = [], own = [];
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
                throw new ComposeFault(at with { Line = (int)key.Start.Line }, "has a key that is not a single value");
            if (name == "<<" && scalar.Style == ScalarStyle.Plain)
                Merge(Node(value, at.Path, depth + 1), merged);
            else
                own[name] = Node(value, at.Below(name).Path, depth + 1);
        }

        foreach (var (name, value) in own) merged[name] = value;
        return new(at, merged, mark);
    }

    /// <summary>By YAML's merge type: an earlier mapping goes before a later one, and what is written beside them before all.</summary>
    private static void Merge(Node source, OrderedDictionary<string, Node> into)
    {
        switch (source)
        {
            case MapNode map:
                foreach (var (name, value) in map.Fields) into.TryAdd(name, value);
                break;
            case ListNode list when list.Items.All(it => it is MapNode):
                foreach (var item in list.Items) Merge(item, into);
                break;
            default:
                throw new ComposeFault(source.At, $"<< takes a mapping or a list of mappings, and this is {source.Word()}");
        }
    }

    private static Mark MarkOf(YamlNode node, Place at) => node.Tag.IsEmpty || node.Tag.IsNonSpecific ? Mark.None : node.Tag.Value switch
    {
        "!reset" => Mark.Reset,
        "!override" => Mark.Override,
        var tag when tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal) => Mark.None,
        var tag => throw new ComposeFault(at, $"has the tag {tag}; compose files know !reset and !override"),
    };
}
