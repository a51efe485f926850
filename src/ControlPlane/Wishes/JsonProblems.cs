using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Turns what the JSON reader says into the name of a field and a sentence.</summary>
internal static partial class JsonProblems
{
    public static FieldProblem Of(JsonException problem, string field)
    {
        var path = field + PathOf(problem);
        var innermost = problem;
        while (innermost.InnerException is JsonException inner) innermost = inner;
        var unknown = UnknownMember().Match(innermost.Message);
        if (unknown.Success) return new(
            path.EndsWith($".{unknown.Groups[1].Value}", StringComparison.Ordinal) ? path
            : $"{path}.{unknown.Groups[1].Value}", "is not a known field");
        if (NotNull().IsMatch(innermost.Message)) return new(path, "is null");
        var wrongType = WrongType().Match(innermost.Message);
        return new(path, wrongType.Success ? $"is not {WordFor(wrongType.Groups[1].Value)}" : Technical().Replace(innermost.Message, ""));
    }

    /// <summary>The path below the field: list and object readers inside each other each know a part of it.</summary>
    private static string PathOf(JsonException problem) =>
        (problem.Path is { Length: > 1 } path ? path[1..] : "")
            + (problem is ElementException { InnerException: JsonException inner } element ? $"[{element.Index}]{PathOf(inner)}" : "");

    private static string WordFor(string type) => type switch
    {
        "System.Int32" or "System.Int64" or "System.Nullable`1[System.Int32]" => "a whole number",
        "System.Double" => "a number",
        "System.Boolean" => "true or false",
        "System.String" => "text",
        _ when type.Contains("ValueList", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "a list",
        _ when type.Contains("ValueMap", StringComparison.Ordinal) || type.Contains("Dictionary", StringComparison.Ordinal) =>
            "an object of texts",
        _ => OneOf(type) ?? "an object of the right shape",
    };

    private static string? OneOf(string type)
    {
        var name = NullableOf().Replace(type, "$1");
        return typeof(ServiceSpec).Assembly.GetType(name) is { IsEnum: true } known
            ? "one of " + string.Join(", ", Enum.GetNames(known).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))
            : null;
    }

    [GeneratedRegex(@"^The JSON property '(.+?)' could not be mapped")]
    private static partial Regex UnknownMember();

    [GeneratedRegex(@"^The .+ on type '.+' doesn't allow .*null values")]
    private static partial Regex NotNull();

    [GeneratedRegex(@"^The JSON value could not be converted to (.+?)\.(?: Path:.*)?$")]
    private static partial Regex WrongType();

    [GeneratedRegex(@"^System\.Nullable`1\[(.+)\]$")]
    private static partial Regex NullableOf();

    [GeneratedRegex(@" Path: .*$")]
    private static partial Regex Technical();
}
