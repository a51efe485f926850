using System.Text.Json;

namespace LocalDapr.PubSub;

/// <summary>Reads <c>/dapr/subscribe</c>. The .NET SDK writes pubsubName, others pubsubname: names are compared without case.</summary>
internal static class SubscriptionReader
{
    private static readonly JsonSerializerOptions AnyCase = new(JsonSerializerDefaults.Web);

    /// <exception cref="RuleSyntaxException">A rule is not supported.</exception>
    /// <exception cref="JsonException">It is not the JSON that is expected.</exception>
    public static IReadOnlyList<Subscription> Read(byte[] json) =>
        [.. (JsonSerializer.Deserialize<List<Told>>(json, AnyCase) ?? []).Select(Of)
            .Where(s => s.DefaultRoute is not null || s.Rules.Count > 0)];

    private static Subscription Of(Told told) => new(told.PubsubName ?? "", told.Topic ?? "")
    {
        Rules = [.. (told.Routes?.Rules ?? []).Select(r => new RouteRule(RuleExpression.Parse(r.Match ?? ""), r.Path ?? ""))],
        DefaultRoute = told.Routes?.Default ?? told.Route,
        DeadLetterTopic = string.IsNullOrEmpty(told.DeadLetterTopic) ? null : told.DeadLetterTopic,
        Metadata = new Dictionary<string, string>(told.Metadata ?? [], StringComparer.OrdinalIgnoreCase),
        Bulk = told.BulkSubscribe is { Enabled: true } bulk ? Bulk(bulk.MaxMessagesCount, bulk.MaxAwaitDurationMs) : null,
    };

    public static BulkOptions Bulk(int? maxMessages, int? maxWaitMs) => new(
        maxMessages is > 0 and var most ? most : 100, TimeSpan.FromMilliseconds(maxWaitMs is > 0 and var wait ? wait : 1000));

    private sealed record Told(
        string? PubsubName, string? Topic, string? Route, ToldRoutes? Routes, string? DeadLetterTopic,
        Dictionary<string, string>? Metadata, ToldBulk? BulkSubscribe);

    private sealed record ToldRoutes(List<ToldRule>? Rules, string? Default);

    private sealed record ToldRule(string? Match, string? Path);

    private sealed record ToldBulk(bool Enabled, int? MaxMessagesCount, int? MaxAwaitDurationMs);
}
