using System.Text.Json.Nodes;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>Values that a schema allows: the smallest ones, with nothing that need not be there.</summary>
internal static class Samples
{
    /// <summary>Texts that obey rules of which a schema cannot tell.</summary>
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["target"] = "/data", ["memory"] = "64Mi", ["stopSignal"] = "SIGTERM",
    };

    /// <param name="name">Of the field, or of the list whose element it is.</param>
    public static JsonNode Of(DescribedApi api, JsonNode described, string name)
    {
        var schema = api.Resolve(described);
        if (schema["oneOf"] is JsonArray ways) return Of(api, ways[0]!, name);
        if (schema["enum"] is JsonArray words) return words[0]!.DeepClone();
        return $"{schema["type"]}" switch
        {
            "object" => new JsonObject((schema["required"]?.AsArray() ?? []).Select(it => $"{it}")
                .Select(it => KeyValuePair.Create<string, JsonNode?>(it, Of(api, schema["properties"]![it]!, it)))),
            "array" => new JsonArray(Of(api, schema["items"]!, name)),
            "integer" => 1,
            "number" => 0.5,
            "boolean" => true,
            _ when $"{schema["format"]}" == "date-time" => "2026-01-01T12:00:00+00:00",
            _ => Texts.GetValueOrDefault(name, $"{schema["pattern"]}".Contains("ms", StringComparison.Ordinal) ? "2s" : "x"),
        };
    }
}
