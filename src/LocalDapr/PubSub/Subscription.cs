using System.Text.Json;

namespace LocalDapr.PubSub;

/// <summary>A topic an app wants, and where in the app its messages go.</summary>
internal sealed record Subscription(string PubSub, string Topic)
{
    /// <summary>Tried in order; the first that matches takes the message.</summary>
    public IReadOnlyList<RouteRule> Rules { get; init; } = [];

    /// <summary>Where a message goes that no rule takes; null ignores it.</summary>
    public string? DefaultRoute { get; init; }

    public string? DeadLetterTopic { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public BulkOptions? Bulk { get; init; }

    /// <summary>PROGRAMMATIC, DECLARATIVE or STREAMING, as metadata tells it.</summary>
    public string Kind { get; init; } = "PROGRAMMATIC";

    public bool Raw => Metadata.TryGetValue("rawPayload", out string? raw) && raw.Equals("true", StringComparison.OrdinalIgnoreCase);

    public string? RouteOf(JsonElement cloudEvent)
    {
        foreach (var rule in Rules)
        {
            if (rule.When.Matches(cloudEvent)) return rule.Path;
        }

        return DefaultRoute;
    }
}

/// <summary>Messages for which the expression holds go to the path.</summary>
internal sealed record RouteRule(RuleExpression When, string Path);

/// <summary>Several messages in one request: at most so many, waiting at most so long.</summary>
internal sealed record BulkOptions(int MaxMessages, TimeSpan MaxWait);
