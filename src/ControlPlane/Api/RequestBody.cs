using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Reads a JSON object from a request; what is wrong with it is a value, so that the answer can name the place.</summary>
internal static class RequestBody
{
    private const int MaxBytes = 1 << 20;
    private static readonly JsonDocumentOptions Rules = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static async Task<(JsonObject? Body, FieldProblem? Problem)> Object(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MaxBytes) return (null, new FieldProblem("", $"the body is larger than {MaxBytes} bytes"));
        try
        {
            var node = await JsonNode.ParseAsync(request.Body, documentOptions: Rules, cancellationToken: cancel);
            return node is JsonObject body ? (body, null) : (null, new FieldProblem("", "the body must be a JSON object"));
        }
        catch (JsonException e)
        {
            return (null, new FieldProblem("", $"the body is not valid JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}"));
        }
    }
}
