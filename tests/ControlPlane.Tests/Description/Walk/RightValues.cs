using System.Text.Json.Nodes;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>The ends of what a schema allows, at every depth: the least and the most of a range, each word, null where it may be.</summary>
internal sealed class RightValues(DescribedApi api)
{
    /// <param name="put">Makes the whole body with a value at this place.</param>
    public IEnumerable<(string Path, JsonNode? Body)> Of(JsonNode described, string path, string name, Func<JsonNode?, JsonNode?> put)
    {
        var schema = api.Resolve(described);
        if (schema["nullable"]?.GetValue<bool>() == true) yield return (path, put(null));
        foreach (var way in schema["oneOf"] is JsonArray several ? several.Select(it => api.Resolve(it!)) : [schema])
        {
            foreach (var right in $"{way["type"]}" switch
            {
                "object" => OfObject(way, path, name, put),
                "array" => Of(way["items"]!, $"{path}[0]", name, value => put(new JsonArray(value?.DeepClone())))
                    .Concat(way["minItems"] is null ? [(path, put(new JsonArray()))] : []),
                _ => Plain(way, name).Select(value => (path, put(value))),
            }) yield return right;
        }
    }

    private IEnumerable<(string, JsonNode?)> OfObject(JsonObject schema, string path, string name, Func<JsonNode?, JsonNode?> put)
    {
        var fields = (schema["properties"] as JsonObject)?.AsEnumerable()
            ?? new Dictionary<string, JsonNode?> { ["key"] = schema["additionalProperties"] };
        return fields.SelectMany(it => Of(it.Value!, path.Length == 0 ? it.Key : $"{path}.{it.Key}", it.Key, value =>
        {
            var sample = Samples.Of(api, schema, name).AsObject();
            sample[it.Key] = value?.DeepClone();
            return put(sample);
        }));
    }

    private IEnumerable<JsonNode> Plain(JsonObject schema, string name) => $"{schema["type"]}" switch
    {
        "boolean" => [true, false],
        "integer" or "number" => new[] { WrongValues.Bound(schema, "minimum"), WrongValues.Bound(schema, "maximum") }
            .OfType<decimal>().Select(it => (JsonNode)it).DefaultIfEmpty(Samples.Of(api, schema, name)),
        _ => schema["enum"] is JsonArray words ? words.Select(it => it!.DeepClone()) : [Samples.Of(api, schema, name)],
    };
}
