using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.ControlPlane.Tests.Description.Walk;

/// <summary>Requests to be refused, made of what the description says of an operation.</summary>
internal static class WrongInputs
{
    private static int LongestBody(DescribedOperation operation) => operation.Id == "Restore" ? 32 << 20 : 1 << 20;

    public static IEnumerable<WrongInput> Of(DescribedOperation operation) => Queries(operation).Concat(Headers(operation))
        .Concat(Names(operation)).Concat(operation.Body is null ? WhereNoBodyIsTaken(operation) : Bodies(operation));

    private static IEnumerable<WrongInput> Queries(DescribedOperation operation)
    {
        var known = operation.Parameters("query").ToList();
        IEnumerable<(string Query, string Words, string Named)> wrong =
        [
            ("nope=1", "an unknown parameter", "nope"), ("nope", "an unknown parameter without a value", "nope"),
            ("name=web", "a parameter that stands in the path", "name"), ("%00=1", "a NUL in a parameter's name", "\0"),
            .. known.Select(it => (Query($"{it.Name}x", it.Schema), "a misspelt parameter", $"{it.Name}x")),
            .. known.Select(it => (Query(it.Name.ToUpperInvariant(), it.Schema), "a misspelt parameter", it.Name.ToUpperInvariant())),
            .. known.Select(it => ($"{Query(it.Name, it.Schema)}&{Query(it.Name, it.Schema)}", "a parameter twice", it.Name)),
            .. known.SelectMany(it => Values(it.Schema).Select(value => ($"{it.Name}={value}", "a wrong value", it.Name))),
        ];
        return wrong.Select(it => Base(operation, $"?{it.Query}", it.Words) with { Named = it.Named, Status = 400 });
    }

    private static string Query(string name, JsonObject schema) => $"{name}={($"{schema["type"]}" == "string" ? "x" : Right(schema))}";

    private static string Right(JsonObject schema) => $"{schema["type"]}" == "boolean" ? "false" : $"{schema["default"] ?? 1}";

    private static IEnumerable<string> Values(JsonObject schema) => $"{schema["type"]}" switch
    {
        "boolean" => ["", "maybe", "1", "yes", "%00", "True%20", "%20true", "%ff"],
        "integer" =>
        [
            "", "many", "1.5", "%201", "1%20", "%2B1", "0x1", "1e1", "99999999999999999999", "%00", "%ff",
            .. new[] { WrongValues.Bound(schema, "minimum") - 1, WrongValues.Bound(schema, "maximum") + 1 }
                .OfType<decimal>().Where(it => it <= int.MaxValue).Select(it => $"{it}"),
        ],
        _ => ["%00", "x%00y", "%ff", "%ed%a0%80", .. schema["enum"] is null ? Array.Empty<string>() : ["", "no-such-word", "0"]],
    };

    private static IEnumerable<WrongInput> Headers(DescribedOperation operation) =>
        from header in operation.Parameters("header")
        from value in header.Name == "X-Request-Id"
            ? new[] { "two words", "a/b", new('x', 65), "a,b" }
            : ["x", "\"x", "x\"", "\"a\" \"b\"", "W/x"]
        select Base(operation, "", "a wrong header") with { Headers = [(header.Name, value)], Named = header.Name, Status = 400 };

    private static IEnumerable<WrongInput> Names(DescribedOperation operation)
    {
        string[] instances =
            ["web", "web-1", "web-1-r1", "web-1-r1-a", "web-1-r1-a1%0a", "Web-1-r1-a1", "-1-r1-a1", "web-1-r1-a1234567890"];
        foreach (var id in instances.Where(_ => operation.Path.Contains("{id}", StringComparison.Ordinal)))
            yield return Base(operation, "", "no name of an instance") with
            {
                Request = $"{operation.Method} {operation.Path.Replace("{id}", id, StringComparison.Ordinal)}", Named = "id", Status = 400,
            };
        if (!operation.Path.Contains("{name}", StringComparison.Ordinal)) yield break;
        var isOfService = operation.Path.StartsWith("/services/", StringComparison.Ordinal);
        // No server lets a NUL through.
        string[] names = ["Web", "web%0a", "-web", "web-", "we_b", "we.b", "%ff", "a%20b", "%2f", "%C3%A4", "%25", new('a', 41)];
        foreach (var name in names)
        {
            var request = $"{operation.Method} {operation.Path.Replace("{name}", name, StringComparison.Ordinal)}";
            var right = Base(operation, "", "a name that cannot be");
            yield return isOfService ? right with { Request = request, Named = "name", Status = 400 } : right with { Request = request };
        }
    }

    private static IEnumerable<WrongInput> WhereNoBodyIsTaken(DescribedOperation operation) =>
    [
        Base(operation, "", "a body where none is taken") with { Body = "{}"u8.ToArray(), Status = 400 },
        Base(operation, "", "a body where none is taken") with { Body = [0xff], Status = 400 },
        Base(operation, "", "a body of another type") with { Body = "{}"u8.ToArray(), Type = "text/plain", Status = 415 },
        Base(operation, "", "a body of no type") with { Body = "{}"u8.ToArray(), Type = null, Status = 415 },
    ];

    private static IEnumerable<WrongInput> Bodies(DescribedOperation operation)
    {
        var right = Right(operation);
        string[] texts =
        [
            .. operation.NeedsBody ? new[] { "" } : [],
            " ", "[]", "[{}]", "null", "5", "1e999", "true", "\"x\"", "{", "}", "{]", "{\"", "{\"a\"",
            "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{} {}", "{}x", "{/**/}", "{'a':1}", "\ufeff", "\0", "{\"a\":\"\\ud800\"}", "{\"a\":01}",
            "{\"a\":NaN}", .. Enumerable.Range(1, right.Length - 1).Where(it => it % 7 == 1).Select(it => right[..it]),
            string.Concat(Enumerable.Repeat("{\"a\":", 1000)), string.Concat(Enumerable.Repeat("{\"a\":[", 5000)),
        ];
        foreach (var text in texts) yield return Base(operation, "", "no object in JSON") with
        {
            Body = Encoding.UTF8.GetBytes(text), Status = 400,
        };

        var bytes = Encoding.UTF8.GetBytes(right);
        yield return Base(operation, "", "no UTF-8") with { Body = [.. bytes[..^1], .. ",\"\xff\":1}"u8, 0xff], Status = 400 };
        yield return Base(operation, "", "no UTF-8") with { Body = [.. "{\"a\":\""u8, 0xc0, 0x80, .. "\"}"u8], Status = 400 };
        yield return Base(operation, "", "UTF-16") with { Body = Encoding.Unicode.GetBytes(right), Status = 400 };
        yield return Base(operation, "", "too large") with
        {
            Body = Encoding.UTF8.GetBytes(right.PadRight(LongestBody(operation) + 1)), Status = 413,
        };
        string?[] types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "no type", null];
        foreach (var type in types)
            yield return Base(operation, "", $"type {type}") with { Body = bytes, Type = type, Status = 415 };
        yield return Base(operation, "", "compressed") with { Body = bytes, Encoding = "gzip", Status = 415 };

        var values = new WrongValues(operation.Api).Of(operation.Body!, "", "", body => body).ToList();
        foreach (var wrong in values) yield return Base(operation, "", wrong.Words) with
        {
            Body = Encoding.UTF8.GetBytes(wrong.Body?.ToJsonString() ?? "null"), Named = wrong.Path, Status = 400,
        };

        foreach (var twice in Twice(right)) yield return Base(operation, "", "a field twice") with
        {
            Body = Encoding.UTF8.GetBytes(twice), Named = "same", Status = 400,
        };
    }

    /// <summary>Two fields with one name, in the object and in one inside it.</summary>
    private static IEnumerable<string> Twice(string right)
    {
        yield return right[..^1].TrimEnd() + (right == "{}" ? "" : ",") + "\"same\":1,\"same\":2}";
        yield return right[..^1].TrimEnd() + (right == "{}" ? "" : ",") + "\"other\":{\"same\":1,\"same\":1}}";
    }

    private static string Right(DescribedOperation operation) => operation.Body is null ? ""
        : operation.Id == "UpdateService" ? """{"instances":3,"env":{"A":"1"},"update":{"parallelism":2}}"""
        : Samples.Of(operation.Api, operation.Body, "").ToJsonString();

    private static WrongInput Base(DescribedOperation operation, string query, string words) =>
        new($"{operation.Method} {operation.Usable}{query}", words)
        {
            Body = operation.NeedsBody ? Encoding.UTF8.GetBytes(Right(operation)) : null,
        };
}
