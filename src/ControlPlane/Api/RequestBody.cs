using System.Buffers;
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
        var (body, problem) = await ObjectOrNothing(request, cancel);
        return body is null && problem is null ? (null, NotAnObject) : (body, problem);
    }

    /// <summary>Where a body may be left out: then there is neither an object nor a problem, whether its length was told or not.</summary>
    public static async Task<(JsonObject? Body, FieldProblem? Problem)> ObjectOrNothing(HttpRequest request, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            var count = await request.Body.ReadAtLeastAsync(buffer, MaxBytes + 1, throwOnEndOfStream: false, cancel);
            if (count > MaxBytes) return (null, new FieldProblem("", $"the body is larger than {MaxBytes} bytes"));
            if (count == 0) return (null, null);
            if (JsonNode.Parse(buffer.AsSpan(0, count), documentOptions: Rules) is not JsonObject body) return (null, NotAnObject);
            _ = body.ToJsonString(); // half of a surrogate pair is found only when its text is read
            return (body, null);
        }
        catch (JsonException e)
        {
            var where = e.LineNumber is null ? "a field is there twice" : $"line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}";
            return (null, new FieldProblem("", $"the body is not valid JSON: {where}"));
        }
        catch (InvalidOperationException)
        {
            return (null, new FieldProblem("", "the body is not valid JSON: a text holds half of a surrogate pair"));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FieldProblem NotAnObject { get; } = new("", "the body must be a JSON object");
}
