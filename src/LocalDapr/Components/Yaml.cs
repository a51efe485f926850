using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalDapr.Components;

/// <summary>A node of a YAML document that may be missing; every question about a missing node is answered with nothing.</summary>
internal readonly record struct Yaml(YamlNode? Node)
{
    /// <summary>The documents of one file.</summary>
    /// <exception cref="ResourceException">It is no YAML.</exception>
    public static IReadOnlyList<Yaml> Documents(string file, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Select(d => new Yaml(d.RootNode)).Where(y => y.Node is YamlMappingNode)];
        }
        catch (YamlException e)
        {
            throw new ResourceException(file, $"line {e.Start.Line}: {e.Message}");
        }
    }

    public Yaml this[string name] =>
        Node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? new(value) : default;

    public bool Exists => Node is not null;

    public string? Text => (Node as YamlScalarNode)?.Value;

    public bool IsTrue => Text?.ToLowerInvariant() is "true" or "yes" or "on";

    public IEnumerable<Yaml> Items => Node is YamlSequenceNode list ? list.Children.Select(n => new Yaml(n)) : [];

    public IReadOnlyList<string> Texts => [.. Items.Select(i => i.Text).OfType<string>()];

    public IEnumerable<(string Name, Yaml Value)> Fields =>
        Node is YamlMappingNode map ? map.Children.Select(p => ((p.Key as YamlScalarNode)?.Value ?? "", new Yaml(p.Value))) : [];
}

/// <summary>A resource file cannot be used; the message names the file and says why.</summary>
public sealed class ResourceException(string file, string why) : Exception($"{file}: {why}");
