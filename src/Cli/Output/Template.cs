using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Contracts;

namespace Orchestrator.Cli.Output;

/// <summary>
/// A line for each result: <c>{{.Name}} {{.Spec.Image}}</c>. A field is found whatever its case, an element of a list by its number
/// (<c>{{.Instances.0.Name}}</c>); <c>{{json .Ports}}</c> is JSON, <c>\t</c> and <c>\n</c> are what they are in C.
/// </summary>
internal sealed partial class Template
{
    private readonly List<(string Text, string[]? Path, bool IsJson)> parts = [];

    public Template(string text)
    {
        var whole = Unescape(text);
        var at = 0;
        foreach (Match match in Part().Matches(whole))
        {
            parts.Add((whole[at..match.Index], null, false));
            at = match.Index + match.Length;
            if (Field().Match(match.Groups["in"].Value) is not { Success: true } field)
                throw CliException.Usage(
                    $"'{match.Value}' is no field of a template", "a field is such as {{.Name}}, {{.Spec.Image}} or {{json .Ports}}");
            parts.Add(("", field.Groups["path"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries), field.Groups["json"].Success));
        }

        parts.Add((whole[at..], null, false));
    }

    public string Of(JsonNode? item)
    {
        var line = new StringBuilder();
        foreach (var (text, path, isJson) in parts) line.Append(path is null ? text : Text(Find(item, path), isJson));
        return line.ToString();
    }

    private static JsonNode? Find(JsonNode? item, IEnumerable<string> path) => path.Aggregate(item, (at, name) => at switch
    {
        JsonObject fields => fields.FirstOrDefault(it => it.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
        JsonArray list when int.TryParse(name, out var number) && number >= 0 && number < list.Count => list[number],
        _ => null,
    });

    private static string Text(JsonNode? value, bool isJson) => value switch
    {
        _ when isJson => value?.ToJsonString(ContractsJson.Options) ?? "null",
        null => "",
        JsonArray list => string.Join(", ", list.Select(it => Text(it, isJson: false))),
        JsonObject => value.ToJsonString(ContractsJson.Options),
        _ => $"{value}",
    };

    private static string Unescape(string text) =>
        text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{(?<in>.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex(@"^\s*(?<json>json\s+)?(?<path>\.|(\.[A-Za-z0-9_-]+)+)\s*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
