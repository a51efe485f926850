using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <param name="Path">The field that is wrong: <c>ports[0].container</c>; empty for the whole.</param>
internal sealed record WrongValue(string Path, string Words, JsonNode? Body);

/// <summary>Every way in which a value can be other than its schema says, at every depth, each in a body right otherwise.</summary>
internal sealed class WrongValues(DescribedApi api)
{
    /// <summary>A name that JSON paths write otherwise.</summary>
    private const string OddName = "no pe's.x";

    /// <param name="put">Makes the whole body with a value at this place.</param>
    public IEnumerable<WrongValue> Of(JsonNode described, string path, string name, Func<JsonNode?, JsonNode?> put)
    {
        var schema = api.Resolve(described);
        var ways = (schema["oneOf"] is JsonArray several ? several.Select(it => api.Resolve(it!)) : [schema]).ToList();
        var types = ways.Select(it => $"{it["type"]}").ToList();

        foreach (var (type, value) in Others(types)) yield return new(path, $"{type} for {string.Join(" or ", types)}", put(value));
        if (schema["nullable"]?.GetValue<bool>() != true && path.Length > 0) yield return new(path, "null", put(null));
        foreach (var wrong in ways.SelectMany(way => $"{way["type"]}" switch
        {
            "object" => OfObject(way, path, name, put),
            "array" => OfList(way, path, name, put),
            "string" => Texts(way, Samples.Of(api, way, name).GetValue<string>())
                .Select(it => new WrongValue(path, it.Words, put(it.Text))),
            "integer" or "number" => Numbers(way).Select(it => new WrongValue(path, it.Words, put(it.Number))),
            _ => [],
        })) yield return wrong;
    }

    private static IEnumerable<(string Type, JsonNode Value)> Others(List<string> allowed)
    {
        if (!allowed.Contains("string")) yield return ("text", "text");
        if (!allowed.Contains("string")) yield return ("a number as text", "1");
        if (!allowed.Contains("integer") && !allowed.Contains("number")) yield return ("a number", 1);
        if (!allowed.Contains("number")) yield return ("a fraction", 1.5);
        if (!allowed.Contains("boolean")) yield return ("true", true);
        if (!allowed.Contains("array")) yield return ("an empty list", new JsonArray());
        if (!allowed.Contains("array")) yield return ("a list", new JsonArray("x"));
        if (!allowed.Contains("object")) yield return ("an empty object", new JsonObject());
        if (!allowed.Contains("object")) yield return ("an object", new JsonObject { ["x"] = 1 });
    }

    private IEnumerable<WrongValue> OfObject(JsonObject schema, string path, string name, Func<JsonNode?, JsonNode?> put)
    {
        JsonObject Sample() => Samples.Of(api, schema, name).AsObject();
        JsonNode? With(string field, JsonNode? value)
        {
            var sample = Sample();
            sample[field] = value?.DeepClone();
            return put(sample);
        }

        if (schema["properties"] is not JsonObject fields)
        {
            // What only its own kind understands.
            if (schema["additionalProperties"] is not JsonObject values) yield break;
            foreach (var wrong in Of(values, $"{path}.key", "key", value => With("key", value))) yield return wrong;
            if (schema["maxProperties"] is { } most)
                yield return new(path, $"more than {most} names", put(Names(most.GetValue<int>() + 1)));
            if (schema["minProperties"] is not null) yield return new(path, "fewer than there must be", put(new JsonObject()));
            yield return new(path, "a NUL in a name", With("K\0", "x"));
            yield break;
        }

        foreach (var unknown in new[] { "nope", OddName })
        {
            yield return new(Below(path, unknown), "an unknown field", With(unknown, 1));
            yield return new(Below(path, unknown), "an unknown field that is null", With(unknown, null));
        }

        foreach (var required in (schema["required"]?.AsArray() ?? []).Select(it => $"{it}"))
        {
            var without = Sample();
            without.Remove(required);
            yield return new(Below(path, required), "a field that is required is not there", put(without));
        }

        foreach (var wrong in fields.SelectMany(it => Of(it.Value!, Below(path, it.Key), it.Key, value => With(it.Key, value))))
            yield return wrong;
    }

    private IEnumerable<WrongValue> OfList(JsonObject schema, string path, string name, Func<JsonNode?, JsonNode?> put)
    {
        JsonNode Sample() => Samples.Of(api, schema["items"]!, name);
        foreach (var wrong in Of(schema["items"]!, $"{path}[0]", name, value => put(new JsonArray(value?.DeepClone())))) yield return wrong;
        if (schema["maxItems"]?.GetValue<int>() is { } most)
            yield return new(path, $"more than {most}", put(new JsonArray([.. Enumerable.Range(0, most + 1).Select(_ => Sample())])));
        if (schema["minItems"] is not null) yield return new(path, "fewer than there must be", put(new JsonArray()));
        yield return new($"{path}[1]", "null as the second element", put(new JsonArray(Sample(), null)));
    }

    private static JsonObject Names(int count) =>
        new(Enumerable.Range(0, count).Select(it => KeyValuePair.Create<string, JsonNode?>($"k{it}", "x")));

    private static IEnumerable<(string Words, string Text)> Texts(JsonObject schema, string sample)
    {
        yield return ("a NUL in a text", $"{sample}\0");
        if (schema["enum"] is JsonArray words)
        {
            var known = words.Select(it => $"{it}").ToList();
            string[] others =
            [
                "no-such-word", "", "0", known[0].ToUpperInvariant(), $" {known[0]}", $"{known[0]}\n", string.Join(", ", known),
                string.Concat(known[^1].Split('-').Select(it => char.ToUpperInvariant(it[0]) + it[1..])),
            ];
            foreach (var other in others.Except(known)) yield return ("not one of the words", other);
        }

        if (schema["pattern"] is { } pattern)
        {
            // To the end, as in the languages of those who read the document.
            var allowed = new Regex($"{pattern}"[..^1] + @"\z");
            string[] others = ["", "?!", $".{sample}", $"-{sample}", $"+{sample}", $" {sample}",
                $"{sample} ", $"{sample}\n", $"{sample}x", "é"];
            foreach (var other in others.Where(it => !allowed.IsMatch(it))) yield return ($"not of the pattern {pattern}", other);
        }

        if (schema["maxLength"] is { } most) yield return ("too long", sample.PadLeft(most.GetValue<int>() + 1, '1'));
        if (schema["minLength"] is not null) yield return ("too short", "");
    }

    private static IEnumerable<(string Words, JsonNode Number)> Numbers(JsonObject schema)
    {
        yield return ("more than any number", Raw("1e999"));
        if ($"{schema["type"]}" == "integer") yield return ("more than fits", Raw($"{BigInteger.Pow(10, 30)}"));
        if (Bound(schema, "minimum") is { } least) yield return ($"less than {least}", least - 1);
        if (Bound(schema, "maximum") is { } most) yield return ($"more than {most}", most + 1);
    }

    public static decimal? Bound(JsonObject schema, string name) =>
        schema[name] is { } bound ? decimal.Parse($"{bound}", CultureInfo.InvariantCulture) : null;

    private static JsonNode Raw(string number) => JsonNode.Parse(number)!;

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
