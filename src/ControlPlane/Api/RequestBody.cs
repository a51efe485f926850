using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Reads a JSON object from a request; what is wrong with it is an answer that names the place.</summary>
internal static partial class RequestBody
{
    private const int MaxBytes = 1 << 20;
    private const string Nul = "holds a NUL character";
    private static readonly JsonDocumentOptions Rules = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <param name="maxBytes">A larger body is refused.</param>
    public static async Task<(JsonObject? Body, IResult? Refusal)> Object(
        HttpRequest request, CancellationToken cancel, int maxBytes = MaxBytes)
    {
        var (body, refusal) = await ObjectOrNothing(request, cancel, maxBytes);
        return body is null && refusal is null ? (null, NotAnObject) : (body, refusal);
    }

    /// <summary>Where a body may be left out: then there is neither an object nor a refusal, whether its length was told or not.</summary>
    public static async Task<(JsonObject? Body, IResult? Refusal)> ObjectOrNothing(
        HttpRequest request, CancellationToken cancel, int maxBytes = MaxBytes)
    {
        if (request.ContentLength > maxBytes) return (null, TooLarge(maxBytes));
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            var count = await request.Body.ReadAtLeastAsync(buffer, MaxBytes + 1, throwOnEndOfStream: false, cancel);
            while (count > MaxBytes && count <= maxBytes)
            {
                // Few bodies are so large, and most of those not by much.
                buffer = Larger(buffer, count);
                var more = await request.Body.ReadAtLeastAsync(buffer.AsMemory(count), buffer.Length - count, false, cancel);
                count += more;
                if (more == 0) break;
            }

            if (count > maxBytes) return (null, TooLarge(maxBytes));
            if (count == 0) return (null, null);
            if (!Utf8.IsValid(buffer.AsSpan(0, count))) return (null, Invalid("", "the body is not valid UTF-8"));
            if (JsonNode.Parse(buffer.AsSpan(0, count), documentOptions: Rules) is not JsonObject body) return (null, NotAnObject);
            _ = body.ToJsonString(); // half of a surrogate pair is found only when its text is read
            return Unfit(body, "") is var (field, reason) ? (null, Invalid(field, reason)) : (body, null);
        }
        catch (JsonException e)
        {
            var twice = Twice().Match(e.Message);
            return (null, twice.Success ? Invalid(twice.Groups[1].Value, "is there twice")
                : Invalid("", $"the body is not valid JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}"));
        }
        catch (InvalidOperationException)
        {
            return (null, Invalid("", "the body is not valid JSON: a text holds half of a surrogate pair"));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Larger(byte[] buffer, int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * count);
        buffer.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>The same as a record; a field that it does not know, or that is of another type, is named in the refusal.</summary>
    public static async Task<(T? Value, IResult? Refusal)> Read<T>(
        HttpRequest request, CancellationToken cancel, int maxBytes = MaxBytes) where T : class
    {
        var (body, refusal) = await Object(request, cancel, maxBytes);
        return body is null ? (null, refusal) : As<T>(body);
    }

    /// <summary>The same where a body may be left out: then it is a record of which nothing was said.</summary>
    public static async Task<(T? Value, IResult? Refusal)> ReadOrNothing<T>(HttpRequest request, CancellationToken cancel) where T : class
    {
        var (body, refusal) = await ObjectOrNothing(request, cancel);
        return refusal is not null ? (null, refusal) : As<T>(body ?? []);
    }

    /// <summary>An object that has been read, as a record.</summary>
    public static (T? Value, IResult? Refusal) As<T>(JsonObject body) where T : class
    {
        try
        {
            return (body.Deserialize<T>(ContractsJson.Strict), null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Invalid([JsonProblems.Of(e, "")]));
        }
    }

    /// <summary>Where a text or a name holds a NUL, which ends texts of other programs, or a number is one that nobody can hold.</summary>
    private static (string Field, string Reason)? Unfit(JsonNode? node, string path) => node switch
    {
        JsonObject all => all.Select(it => HasNul(it.Key) ? (path, Nul) : Unfit(it.Value, path.Length == 0 ? it.Key : $"{path}.{it.Key}"))
            .FirstOrDefault(found => found is not null),
        JsonArray list => list.Select((it, at) => Unfit(it, $"{path}[{at}]")).FirstOrDefault(found => found is not null),
        JsonValue value when value.TryGetValue<string>(out var text) && HasNul(text) => (path, Nul),
        JsonValue value when value.TryGetValue<double>(out var number) && !double.IsFinite(number) => (path, "is larger than any number"),
        _ => null,
    };

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    private static ProblemHttpResult NotAnObject => Invalid("", "the body must be a JSON object");

    private static ProblemHttpResult TooLarge(int maxBytes) =>
        Problems.Of(StatusCodes.Status413PayloadTooLarge, $"the body is larger than {maxBytes} bytes");

    private static ProblemHttpResult Invalid(string field, string reason) => Problems.Invalid([new FieldProblem(field, reason)]);

    [GeneratedRegex("^Duplicate property '(.*)' encountered", RegexOptions.Singleline)]
    private static partial Regex Twice();
}
