using System.Text.Json;
using LocalDapr.PubSub;

namespace LocalDapr.Tests.PubSub;

public sealed class RuleExpressionTests
{
    private static readonly JsonElement Event = JsonDocument.Parse(
        """{"type":"order.new","source":"shop","data":{"size":12,"tags":["a","b"],"paid":true,"note":null}}""").RootElement;

    [Theory]
    [InlineData("event.type == \"order.new\"")]
    [InlineData("event.type == 'order.new' && event.data.size > 10")]
    [InlineData("event.data.size >= 12.0 || event.nothing == 1")]
    [InlineData("!(event.type != 'order.new')")]
    [InlineData("event.type in ['order.old', 'order.new']")]
    [InlineData("'b' in event.data.tags")]
    [InlineData("event['type'].startsWith('order.') && event.type.endsWith('.new') && event.type.contains('er.n')")]
    [InlineData("event.source.matches('^sh.p$')")]
    [InlineData("has(event.data.size) && !has(event.data.colour)")]
    [InlineData("size(event.data.tags) == 2")]
    [InlineData("event.data.paid")]
    [InlineData("event.data.note == null")]
    public void It_matches(string rule) => Assert.True(RuleExpression.Parse(rule).Matches(Event));

    [Theory]
    [InlineData("event.type == 'other'")]
    [InlineData("event.missing == 'x'")]
    [InlineData("event.data.size > 'a text'")]
    [InlineData("event.type")]
    public void It_does_not_match(string rule) => Assert.False(RuleExpression.Parse(rule).Matches(Event));

    [Theory]
    [InlineData("event.type = 'x'")]
    [InlineData("now() > 3")]
    [InlineData("event.data.size + 1 == 13")]
    [InlineData("event.type.lowerAscii() == 'x'")]
    [InlineData("event.type == 'x")]
    [InlineData("")]
    public void What_is_not_supported_is_refused_when_read(string rule) =>
        Assert.Throws<RuleSyntaxException>(() => RuleExpression.Parse(rule));
}
