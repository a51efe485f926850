using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts;

namespace Orchestrator.Client.Wire;

/// <summary>Answers as values, and refusals as problems.</summary>
internal static class Answers
{
    /// <exception cref="JsonException">It is no such value: the master is of a version that this client does not know.</exception>
    public static async Task<T> Read<T>(this HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync<T>(body, ContractsJson.Options, cancel)
            ?? throw new JsonException("the answer is null");
    }

    /// <summary>Whatever stands before a master may answer too, and with something else than a problem.</summary>
    public static async Task<ProblemException> Problem(this HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        var fields = Parse(answer, text);
        var title = $"{fields["title"] ?? answer.ReasonPhrase ?? $"{answer.StatusCode}"}";
        return new(answer.StatusCode, title, fields["detail"] is { } detail ? $"{detail}" : Words(answer.StatusCode), fields)
        {
            RetryAfter = answer.Headers.RetryAfter?.Delta,
        };
    }

    /// <summary>Whether another master may do better at once, or this one soon.</summary>
    public static bool Passes(this HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.ServiceUnavailable => true,
        // A master says with a problem that it waited in vain for somebody else; what stands before it says otherwise that it is away.
        HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => !IsProblem(answer),
        _ => false,
    };

    private static JsonObject Parse(HttpResponseMessage answer, string text)
    {
        try
        {
            if (IsProblem(answer) && JsonNode.Parse(text) is JsonObject fields) return fields;
        }
        catch (JsonException)
        {
            // Its status says enough.
        }

        return [];
    }

    private static bool IsProblem(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json";

    private static string? Words(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "the API wants a token",
        HttpStatusCode.Forbidden => "the token is not allowed to do this",
        _ => null,
    };
}
