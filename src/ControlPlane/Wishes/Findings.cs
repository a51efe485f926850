using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Placement;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What is wrong, by field, as it is found; and the checks that many fields share.</summary>
internal sealed class Findings
{
    private const int MostEntries = 200;

    public List<FieldProblem> Problems { get; } = [];

    public void Add(string field, string reason) => Problems.Add(new(field, reason));

    public void Range(string field, int value, int least, int most)
    {
        if (value < least || value > most)
            Add(field, string.Create(CultureInfo.InvariantCulture, $"is {value}; allowed are {least:N0} to {most:N0}"));
    }

    public void Range(string field, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            Add(field, $"is {Durations.Format(value)}; allowed are {Durations.Format(least)} to {Durations.Format(most)}");
    }

    public void Range(string field, ByteSize value, ByteSize least, ByteSize most)
    {
        if (value < least || value > most) Add(field, $"is {value}; allowed are {least} to {most}");
    }

    public void Most(string field, int count)
    {
        if (count > MostEntries) Add(field, $"has {count} entries; at most {MostEntries} are allowed");
    }

    public void Text(string field, string? text)
    {
        if (text is null) Add(field, "is null");
        else if (text.Length > SpecValidation.MostText) Add(field, $"is longer than {SpecValidation.MostText} characters");
    }

    public void Rule(string field, string? rule)
    {
        if (rule is null) Add(field, "is required");
        else if (rule.Length > 1000) Add(field, "is longer than 1000 characters");
        else if (!Constraint.TryParse(rule, out _, out var problem)) Add(field, $"'{rule}' cannot be read: {problem}");
    }

    /// <summary>A text that must be there and have a form.</summary>
    public void Shape(string field, string? text, Regex shape, string reason)
    {
        if (text is null) Add(field, "is null");
        else if (text.Length > SpecValidation.MostText || !shape.IsMatch(text)) Add(field, reason);
    }

    /// <summary>Each element of a list of texts, of which there may not be too many nor one twice.</summary>
    public void Each(string field, ValueList<string> list, Func<string, string?> objection)
    {
        Most(field, list.Count);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var (at, text) in list.Index())
        {
            if (text is null) Add($"{field}[{at}]", "is null");
            else if (objection(text) is { } problem) Add($"{field}[{at}]", problem);
            else if (!seen.Add(text)) Add($"{field}[{at}]", $"{text} is there twice");
        }
    }

    /// <summary>Each entry of a map, of which there may not be too many.</summary>
    public void Each(string field, ValueMap map, Func<string, string, string?> objection)
    {
        Most(field, map.Count);
        foreach (var (name, value) in map)
        {
            if (value is not null && objection(name, value) is { } problem) Add($"{field}.{name}", problem);
            Text($"{field}.{name}", value);
        }
    }
}
