using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Orchestrator.Cli.Output;

/// <summary>JSON and YAML say the same in two ways.</summary>
internal static class Yaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().Build();

    public static string Of(JsonNode? value) => Serializer.Serialize(Plain(value) ?? "");

    /// <summary>Reads YAML, of which JSON is a part.</summary>
    /// <exception cref="CliException">It is no YAML; the message says where.</exception>
    public static JsonNode? Read(string text, string from)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 0 ? null : Node(stream.Documents[0].RootNode);
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw CliException.Usage($"{from} is neither YAML nor JSON: line {e.Start.Line}, column {e.Start.Column}: {e.Message}");
        }
    }

    private static object? Plain(JsonNode? value) => value switch
    {
        null => null,
        JsonObject fields => fields.ToDictionary(it => it.Key, it => Plain(it.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number =>
                value.GetValue<JsonElement>().TryGetInt64(out var whole) ? whole : value.GetValue<JsonElement>().GetDouble(),
            _ => value.GetValue<string>(),
        },
    };

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(it => KeyValuePair.Create($"{it.Key}", Node(it.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Node)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw CliException.Usage("an alias of YAML is not understood here"),
    };

    /// <summary>What stands in quotes is text.</summary>
    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != YamlDotNet.Core.ScalarStyle.Plain) return JsonValue.Create(text);
        return text switch
        {
            "" or "null" or "~" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}
