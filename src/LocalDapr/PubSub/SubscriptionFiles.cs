using System.Globalization;
using LocalDapr.Components;

namespace LocalDapr.PubSub;

/// <summary>Reads documents of kind Subscription, v1alpha1 (<c>route</c>) and v2alpha1 (<c>routes</c>).</summary>
internal static class SubscriptionFiles
{
    /// <exception cref="ResourceException">It cannot be followed.</exception>
    public static DeclaredSubscription Read(Document document)
    {
        var (file, yaml) = document;
        var spec = yaml["spec"];
        string pubSub = spec["pubsubname"].Text ?? spec["pubsubName"].Text
            ?? throw new ResourceException(file, "a subscription without pubsubname");
        string topic = spec["topic"].Text ?? throw new ResourceException(file, "a subscription without topic");
        var bulk = spec["bulkSubscribe"];
        return new(
            new(pubSub, topic)
            {
                Rules = [.. spec["routes"]["rules"].Items.Select(r => Rule(file, r))],
                DefaultRoute = spec["routes"]["default"].Text ?? spec["route"].Text,
                DeadLetterTopic = spec["deadLetterTopic"].Text,
                Metadata = spec["metadata"].Fields.ToDictionary(f => f.Name, f => f.Value.Text ?? "", StringComparer.OrdinalIgnoreCase),
                Bulk = bulk["enabled"].IsTrue
                    ? SubscriptionReader.Bulk(Number(bulk["maxMessagesCount"]), Number(bulk["maxAwaitDurationMs"])) : null,
                Kind = "DECLARATIVE",
            },
            yaml["scopes"].Texts);
    }

    private static RouteRule Rule(string file, Yaml rule)
    {
        try
        {
            return new(RuleExpression.Parse(rule["match"].Text ?? ""), rule["path"].Text ?? "");
        }
        catch (RuleSyntaxException e)
        {
            throw new ResourceException(file, e.Message);
        }
    }

    private static int? Number(Yaml yaml) =>
        int.TryParse(yaml.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>A Subscription file; no scopes is everybody.</summary>
internal sealed record DeclaredSubscription(Subscription Subscription, IReadOnlyList<string> Scopes)
{
    public bool IsFor(string appId) => Scopes.Count == 0 || Scopes.Contains(appId);
}
