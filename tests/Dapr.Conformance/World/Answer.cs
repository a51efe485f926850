using System.Text.Json;

namespace Conformance.World;

/// <summary>An HTTP answer, read to its end.</summary>
public sealed record Answer(int Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public static async Task<Answer> Of(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The code of a Dapr error answer.</summary>
    public string? ErrorCode => Body.StartsWith('{') && Json.TryGetProperty("errorCode", out var code) ? code.GetString() : null;

    /// <summary>Status and error code in one text, so that a failing comparison tells both.</summary>
    public string Refusal => $"{Status} {ErrorCode}";

    public override string ToString() => $"{Status} {Body}";
}
