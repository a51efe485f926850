using System.Text.Json;

namespace LocalDapr.PubSub;

/// <summary>
/// A routing rule: the part of CEL that rules use. Fields of <c>event</c>, texts, numbers, true, false, null, lists,
/// <c>== != &lt; &lt;= &gt; &gt;= in &amp;&amp; || !</c>, brackets, <c>has(…)</c>, <c>size(…)</c>, and on texts
/// <c>startsWith endsWith contains matches</c>. Everything else is refused when the subscription is read.
/// </summary>
internal sealed class RuleExpression
{
    private readonly Func<JsonElement, object?> evaluate;

    private RuleExpression(string text, Func<JsonElement, object?> evaluate)
    {
        Text = text;
        this.evaluate = evaluate;
    }

    public string Text { get; }

    /// <exception cref="RuleSyntaxException">It is no expression, or uses what is not supported.</exception>
    public static RuleExpression Parse(string text) => new(text, new RuleParser(text).Parse());

    /// <summary>False also when the event lacks a field that the rule asks for, as in CEL.</summary>
    public bool Matches(JsonElement cloudEvent)
    {
        try
        {
            return RuleValues.IsTrue(evaluate(cloudEvent));
        }
        catch (RuleSyntaxException)
        {
            return false;
        }
    }
}

internal sealed class RuleSyntaxException(string message) : Exception(message);
