using System.Text.Json.Nodes;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>The operations of the API as its description tells them.</summary>
internal sealed class DescribedApi(JsonNode document)
{
    public IEnumerable<DescribedOperation> Operations =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new DescribedOperation(this, operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    public static async Task<DescribedApi> Of(ControlPlaneOverHttp api) => new((await api.Ask("GET /openapi/v1.json")).Json!);

    /// <summary>What a reference leads to; what stands beside it stays.</summary>
    public JsonObject Resolve(JsonNode schema)
    {
        var found = schema.AsObject();
        if (found["$ref"] is { } reference) return document["components"]!["schemas"]![$"{reference}".Split('/')[^1]]!.AsObject();
        if (found["allOf"] is not JsonArray { Count: 1 } only) return found;
        var whole = Resolve(only[0]!).DeepClone().AsObject();
        foreach (var (name, value) in found.Where(it => it.Key != "allOf")) whole[name] = value?.DeepClone();
        return whole;
    }
}

/// <param name="Path">With places for names: <c>/services/{name}</c>.</param>
internal sealed record DescribedOperation(DescribedApi Api, string Method, string Path, JsonObject Json)
{
    public string Id => $"{Json["operationId"]}";

    /// <summary>None where no body is taken.</summary>
    public JsonObject? Body =>
        Json["requestBody"]?["content"]!["application/json"]!["schema"] is { } schema ? Api.Resolve(schema) : null;

    public bool NeedsBody => Json["requestBody"]?["required"]?.GetValue<bool>() == true;

    /// <summary>Those that stand in the <paramref name="place"/>: path, query or header.</summary>
    public IEnumerable<(string Name, JsonObject Schema)> Parameters(string place) =>
        (Json["parameters"]?.AsArray() ?? []).Where(it => $"{it!["in"]}" == place)
            .Select(it => ($"{it!["name"]}", Api.Resolve(it["schema"]!)));

    /// <summary>The path with a name that can be used: of a service or a worker that is there, or of a service to be created.</summary>
    public string Usable => Path.Replace("{name}", Id == "CreateService" ? "fresh" : Path.StartsWith("/workers/", StringComparison.Ordinal)
        ? "a" : "web", StringComparison.Ordinal).Replace("{host}", "registry.test", StringComparison.Ordinal)
        .Replace("{id}", "web-1-r1-a1", StringComparison.Ordinal);
}
