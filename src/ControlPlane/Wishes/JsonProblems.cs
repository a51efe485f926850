using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Turns what the JSON reader says into the name of a field and a sentence.</summary>
internal static partial class JsonProblems
{
    public static FieldProblem Of(JsonException problem, string field)
    {
        var path = $"{field}{PathOf(problem)}";
        var innermost = problem;
        while (innermost.InnerException is JsonException inner) innermost = inner;
        var unknown = UnknownMember().Match(innermost.Message);
        var name = $".{unknown.Groups[1].Value}";
        if (unknown.Success && !path.EndsWith(name, StringComparison.Ordinal)) path += name;
        // Where the whole body is read at once, the path begins with its first step.
        path = path.TrimStart('.');
        if (unknown.Success) return new(path, Unknown(typeof(ServiceSpec).Assembly.GetType(unknown.Groups[2].Value)!));
        if (NotNull().IsMatch(innermost.Message)) return new(path, "is null");
        var wrongType = WrongType().Match(innermost.Message);
        return new(path, wrongType.Success ? $"is not {WordFor(Meant(wrongType.Groups[1].Value, path))}"
            : Technical().Replace(innermost.Message, ""));
    }

    /// <summary>What is wrong with a name that is none of a type's fields.</summary>
    public static string Unknown(Type type) => $"is not a known field; known are {string.Join(", ", NamesIn(type))}";

    /// <summary>The path below the field: list and object readers inside each other each know a part of it.</summary>
    private static string PathOf(JsonException problem) =>
        (problem.Path is { Length: > 1 } path ? OddName().Replace(path[1..], ".$1") : "")
            + problem switch
            {
                ElementException { InnerException: JsonException inner } element => $"[{element.Index}]{PathOf(inner)}",
                EntryException { InnerException: JsonException inner } entry => $".{entry.Key}{PathOf(inner)}",
                _ => "",
            };

    /// <summary>What a constructor takes is told as the type of the whole: then it is that of the field at the end of the path.</summary>
    private static string Meant(string type, string path) => typeof(ServiceSpec).Assembly.GetType(type) is { IsEnum: false } whole
        && ContractsJson.Strict.GetTypeInfo(whole).Properties.FirstOrDefault(it => it.Name == path.Split('.')[^1]) is { } field
            ? $"{field.PropertyType}" : type;

    private static string WordFor(string type) => type switch
    {
        "System.Int32" or "System.Int64" or "System.Nullable`1[System.Int32]"
            or "System.Nullable`1[System.Int64]" => "a whole number",
        "System.Double" => "a number",
        "System.DateTimeOffset" => "a time such as 2026-01-01T12:00:00Z",
        "System.Boolean" => "true or false",
        "System.String" => "text",
        _ when type.Contains("ValueList", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "a list",
        _ when type.Contains("ValueMap", StringComparison.Ordinal) || type.Contains("Dictionary", StringComparison.Ordinal) =>
            "an object of texts",
        _ => OneOf(type) ?? $"an object of {string.Join(", ", NamesIn(typeof(ServiceSpec).Assembly.GetType(type)!))}",
    };

    /// <summary>The names of the fields of a type, as people write them.</summary>
    private static IEnumerable<string> NamesIn(Type type) =>
        ContractsJson.Strict.GetTypeInfo(type).Properties.Select(field => field.Name).Order(StringComparer.Ordinal);

    private static string? OneOf(string type)
    {
        var name = NullableOf().Replace(type, "$1");
        return typeof(ServiceSpec).Assembly.GetType(name) is { IsEnum: true } known
            ? "one of " + string.Join(", ", Enum.GetNames(known).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))
            : null;
    }

    [GeneratedRegex(@"^The JSON property '(.+?)' could not be mapped to any \.NET member contained in type '(.+?)'")]
    private static partial Regex UnknownMember();

    [GeneratedRegex(@"^The .+ on type '.+' doesn't allow .*null values")]
    private static partial Regex NotNull();

    [GeneratedRegex(@"^The JSON value could not be converted to (.+?)\.(?: Path:.*)?$")]
    private static partial Regex WrongType();

    [GeneratedRegex(@"^System\.Nullable`1\[(.+)\]$")]
    private static partial Regex NullableOf();

    /// <summary>How a path writes a name that is not one of letters and digits alone.</summary>
    [GeneratedRegex(@"\['(.+?)'\](?=[.[]|\z)", RegexOptions.Singleline)]
    private static partial Regex OddName();

    [GeneratedRegex(@" Path: .*$")]
    private static partial Regex Technical();
}
