using System.Text.Json.Nodes;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>Values that a schema allows: the smallest ones, with nothing that need not be there.</summary>
internal static class Samples
{
    /// <summary>Texts that obey rules of which a schema cannot tell.</summary>
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["target"] = "/data", ["source"] = "data", ["secrets"] = "data", ["configs"] = "data",
        ["memory"] = "64Mi", ["memorySwap"] = "64Mi", ["shmSize"] = "64Mi", ["size"] = "64Mi",
        ["mode"] = "1777",
        ["stopSignal"] = "SIGTERM", ["ports"] = "8080:80", ["volumes"] = "data:/data", ["workingDir"] = "/srv", ["tmpfs"] = "/run",
        ["extraHosts"] = "db:10.0.0.5", ["dns"] = "10.0.0.53", ["capAdd"] = "NET_ADMIN", ["capDrop"] = "ALL", ["address"] = "10.0.0.6",
        ["securityOpt"] = "no-new-privileges", ["devices"] = "/dev/fuse", ["gpus"] = "all", ["path"] = "/", ["status"] = "200",
    };

    /// <summary>Amounts of memory, of which one byte is too little.</summary>
    private static readonly HashSet<string> Sizes = ["memory", "memorySwap", "shmSize", "size"];

    /// <param name="name">Of the field, or of the list whose element it is.</param>
    public static JsonNode Of(DescribedApi api, JsonNode described, string name)
    {
        var schema = api.Resolve(described);
        if (schema["oneOf"] is JsonArray ways) return Of(api, ways[0]!, name);
        if (schema["enum"] is JsonArray words) return words[0]!.DeepClone();
        return $"{schema["type"]}" switch
        {
            "object" when schema["minProperties"] is not null =>
                new JsonObject { ["key"] = Of(api, schema["additionalProperties"]!, "key") },
            "object" => new JsonObject((schema["required"]?.AsArray() ?? []).Select(it => $"{it}")
                .Select(it => KeyValuePair.Create<string, JsonNode?>(it, Of(api, schema["properties"]![it]!, it)))),
            "array" => new JsonArray(Of(api, schema["items"]!, name)),
            "integer" => Sizes.Contains(name) ? 64 << 20 : 1,
            "number" => 0.5,
            "boolean" => true,
            _ when $"{schema["format"]}" == "date-time" => "2026-01-01T12:00:00+00:00",
            _ => Texts.GetValueOrDefault(name, $"{schema["pattern"]}".Contains("ms", StringComparison.Ordinal) ? "2s" : "x"),
        };
    }
}
