using System.Text.Json.Nodes;
using NJsonSchema;
using NSwag;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Description;

/// <summary>Whatever is answered in a test is an answer that the API's description names, with a body that it allows.</summary>
internal static class DocumentedAnswers
{
    private static readonly Lazy<Task<OpenApiDocument>> Document = new(() => Task.Run(Read));

    /// <exception cref="Xunit.Sdk.XunitException">The description does not know such an answer.</exception>
    public static async Task Check(HttpRequestMessage request, Answer answer)
    {
        var path = request.RequestUri!.AbsolutePath.Replace("/service/", "/services/", StringComparison.Ordinal);
        if (path.StartsWith("/openapi/", StringComparison.Ordinal)) return;
        var document = await Document.Value;
        var method = request.Method == HttpMethod.Head ? "get" : request.Method.Method.ToLowerInvariant();
        if (document.Operations.FirstOrDefault(it => it.Method == method && Fits(it.Path, path)) is not { } described) return;

        var what = $"{request.Method} {path} answers {answer.Status} {answer.Type} {answer.Json?.ToJsonString()}";
        Assert.True(described.Operation.Responses.TryGetValue($"{answer.Status}", out var response),
            $"{what}: the status is not described");
        if (request.Method == HttpMethod.Head) return;
        foreach (var header in new[] { "ETag", "Location", "Retry-After", "WWW-Authenticate" }.Where(answer.Headers.Contains))
            Assert.True(response.Headers.ContainsKey(header), $"{what}: {header} is not described");
        if (answer.Json is null && answer.Text.Length > 0)
        {
            Assert.True(response.Content.TryGetValue(answer.Type, out var lines), $"{what}: the type is not described");
            if (answer.Type != "application/x-ndjson") return;
            foreach (var line in answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Assert.Empty(lines.Schema.Validate(line, SchemaType.OpenApi3));
            return;
        }

        if (answer.Json is null && response.Content.ContainsKey("text/plain")) return;
        if (answer.Json is null)
        {
            Assert.True(response.Content.Count == 0, $"{what}: a body is described");
            return;
        }

        Assert.True(response.Content.TryGetValue(answer.Type, out var content), $"{what}: the type is not described");
        var wrong = content.Schema.Validate(answer.Json.ToJsonString(), SchemaType.OpenApi3);
        Assert.True(wrong.Count == 0, $"{what}: {string.Join("; ", wrong)}");
    }

    private static bool Fits(string template, string path)
    {
        var (parts, asked) = (template.Split('/'), path.Split('/'));
        return parts.Length == asked.Length && parts.Zip(asked).All(it => it.First.StartsWith('{') || it.First == it.Second);
    }

    private static async Task<OpenApiDocument> Read()
    {
        await using var api = new ControlPlaneOverHttp();
        var json = (await api.Ask("GET /openapi/v1.json")).Json!;
        Close(json);
        return await OpenApiDocument.FromJsonAsync(json.ToJsonString());
    }

    /// <summary>Clients are to bear fields that they do not know; here none is told that is not described.</summary>
    private static void Close(JsonNode json)
    {
        foreach (var schema in json["components"]!["schemas"]!.AsObject().Select(it => it.Value!.AsObject()))
            if (schema.ContainsKey("properties")) schema["additionalProperties"] = false;
    }
}
