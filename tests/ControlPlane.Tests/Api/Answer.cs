using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>What came back.</summary>
/// <param name="Json">None when the body is empty.</param>
internal sealed record Answer(int Status, string Type, JsonNode? Json, HttpResponseHeaders Headers)
{
    /// <summary>The whole body as it came.</summary>
    public string Text { get; init; } = "";

    /// <summary>Status and, where there is one, the detail of the problem: <c>404 there is no service 'web'</c>.</summary>
    public string Words => Json is JsonObject ? $"{Status} {Json["detail"]}".TrimEnd() : $"{Status}";

    /// <summary>The problems by field: <c>ports[0].container: is 0; allowed are 1 to 65,535</c>.</summary>
    public IEnumerable<string> Errors => this["errors"].AsObject()
        .SelectMany(it => it.Value!.AsArray().Select(reason => it.Key.Length == 0 ? $"{reason}" : $"{it.Key}: {reason}"));

    /// <summary>The orders of a plan, without the decisions that are none: <c>run web-1-r1-a1 on a</c>.</summary>
    public IEnumerable<string> Steps => this["steps"].AsArray()
        .Where(it => $"{it!["instance"]}".Length > 0)
        .Select(it => $"{it!["kind"]} {it["instance"]} on {it["worker"]}");

    public JsonNode this[string name] => Json![name] ?? throw new InvalidOperationException($"no {name} in {Status} {Json}");

    /// <summary>Each element of a list in the answer as its fields, for comparison.</summary>
    public IEnumerable<string> Each(string list, params string[] fields) =>
        this[list].AsArray().Select(it => string.Join(' ', fields.Select(name => $"{it![name]}")));

    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var isJson = body.Length > 0 && type is "application/json" or "application/problem+json";
        return new Answer((int)response.StatusCode, type, isJson ? JsonNode.Parse(body) : null, response.Headers) { Text = body };
    }
}
