using System.Text.Json;
using LocalDapr.Apps;

namespace LocalDapr.PubSub;

internal enum Outcome
{
    Success,
    Retry,
    Drop,
}

/// <summary>What became of a delivery.</summary>
internal sealed record Result(Outcome Outcome, string Why)
{
    /// <summary>The connection to the app broke: the app is perhaps gone.</summary>
    public AppUnreachableException? Broken { get; init; }

    /// <summary>Of a bulk delivery: each message by itself.</summary>
    public IReadOnlyList<Outcome>? Each { get; init; }
}

/// <summary>Reads the answer of a topic route.</summary>
internal static class Outcomes
{
    /// <summary>2xx is success unless a status in the body tells otherwise; 404 drops; all else is to be tried again.</summary>
    public static Result Of(AppAnswer answer)
    {
        if (answer.Status == 404) return new(Outcome.Drop, "the app has no such route (404)");
        if (!answer.Is2xx) return new(Outcome.Retry, $"the app answered {answer.Status}");
        string? status = Status(answer.Body);
        return Of(status) switch
        {
            Outcome.Success => new(Outcome.Success, ""),
            Outcome.Drop => new(Outcome.Drop, "the app dropped it"),
            _ => new(Outcome.Retry, $"the app answered the status {status}"),
        };
    }

    /// <summary>The statuses of a bulk answer; a message without one counts as RETRY.</summary>
    public static Result OfMany(AppAnswer answer, int count)
    {
        var whole = Of(answer);
        if (whole.Outcome == Outcome.Drop)
            return whole with { Each = [.. Enumerable.Repeat(Outcome.Drop, count)], Outcome = Outcome.Success };
        if (!answer.Is2xx) return whole;
        var each = new Outcome[count];
        Array.Fill(each, Outcome.Retry);
        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            foreach (var one in body.RootElement.GetProperty("statuses").EnumerateArray())
            {
                if (int.TryParse(one.GetProperty("entryId").GetString(), out int entry) && entry >= 0 && entry < count)
                    each[entry] = Of(one.GetProperty("status").GetString());
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // No statuses: the app took the request, and with it all of its messages.
            if (answer.Body.Length == 0) Array.Fill(each, Outcome.Success);
        }

        bool again = each.Contains(Outcome.Retry);
        return new(again ? Outcome.Retry : Outcome.Success, again ? "the app wants some of it again" : "") { Each = each };
    }

    private static Outcome Of(string? status) => status?.ToUpperInvariant() switch
    {
        null or "" or "SUCCESS" => Outcome.Success,
        "DROP" => Outcome.Drop,
        _ => Outcome.Retry,
    };

    private static string? Status(byte[] body)
    {
        if (body.Length == 0) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (var field in json.RootElement.EnumerateObject())
            {
                if (field.Name.Equals("status", StringComparison.OrdinalIgnoreCase) && field.Value.ValueKind == JsonValueKind.String)
                    return field.Value.GetString();
            }
        }
        catch (JsonException)
        {
            // Any other body is the app's own business.
        }

        return null;
    }
}
