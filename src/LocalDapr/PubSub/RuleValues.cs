using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LocalDapr.PubSub;

/// <summary>What rules do with values; a mismatch of types or a missing field ends the evaluation.</summary>
internal static class RuleValues
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(200);

    public static bool IsTrue(object? value) =>
        Plain(value) is bool truth ? truth : throw new RuleSyntaxException("true or false is expected");

    public static object Compare(object? left, string sign, object? right)
    {
        var (a, b) = (Plain(left), Plain(right));
        return sign switch
        {
            "==" => Equals(a, b),
            "!=" => !Equals(a, b),
            "<" => Order(a, b) < 0,
            "<=" => Order(a, b) <= 0,
            ">" => Order(a, b) > 0,
            _ => Order(a, b) >= 0,
        };
    }

    public static object IsIn(object? item, object? list) => list switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Any(one => Equals(Plain(one), Plain(item))),
        JsonElement { ValueKind: JsonValueKind.Object } map => Plain(item) is string key && map.TryGetProperty(key, out _),
        IEnumerable many and not string => many.Cast<object?>().Any(one => Equals(Plain(one), Plain(item))),
        _ => throw new RuleSyntaxException("in wants a list"),
    };

    public static object? Field(object? of, object? key) => (of, Plain(key)) switch
    {
        (JsonElement { ValueKind: JsonValueKind.Object } map, string name) when map.TryGetProperty(name, out var value) => value,
        (JsonElement { ValueKind: JsonValueKind.Array } list, double index)
            when index >= 0 && index < list.GetArrayLength() => list[(int)index],
        _ => throw new RuleSyntaxException($"no such field: {key}"),
    };

    public static Func<JsonElement, object?>? Method(string name, Func<JsonElement, object?> of, Func<JsonElement, object?>? argument) =>
        (name, argument) switch
        {
            ("startsWith", { } arg) => e => Text(of(e)).StartsWith(Text(arg(e)), StringComparison.Ordinal),
            ("endsWith", { } arg) => e => Text(of(e)).EndsWith(Text(arg(e)), StringComparison.Ordinal),
            ("contains", { } arg) => e => Text(of(e)).Contains(Text(arg(e)), StringComparison.Ordinal),
            ("matches", { } arg) => e => Regex.IsMatch(Text(of(e)), Text(arg(e)), RegexOptions.CultureInvariant, RegexLimit),
            ("size", null) => e => Size(of(e)),
            _ => null,
        };

    private static double Size(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } list => (double)list.GetArrayLength(),
        JsonElement { ValueKind: JsonValueKind.Object } map => (double)map.EnumerateObject().Count(),
        ICollection list => (double)list.Count,
        _ => (double)Text(value).Length,
    };

    private static string Text(object? value) => Plain(value) as string ?? throw new RuleSyntaxException("a text is expected");

    private static int Order(object? a, object? b) => (a, b) switch
    {
        (double x, double y) => x.CompareTo(y),
        (string x, string y) => string.CompareOrdinal(x, y),
        _ => throw new RuleSyntaxException("these cannot be ordered"),
    };

    private static object? Plain(object? value) => value is JsonElement json
        ? json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            _ => json.GetRawText(),
        }
        : value;
}
