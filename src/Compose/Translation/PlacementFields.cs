using System.Text.RegularExpressions;
using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>Constraints and preferences, as rules over labels of workers.</summary>
internal static partial class PlacementFields
{
    private const string NodeLabel = "node.labels.";
    private const string EngineLabel = "engine.labels.";

    public static PlacementRules Of(Section placement)
    {
        var constraints = placement.Texts("constraints").Select(it => Constraint(it, placement)).OfType<string>().ToValueList();
        var spread = Spread(placement);
        var most = placement.Number("max_replicas_per_node", 0);
        placement.End();
        return new() { Constraints = constraints, SpreadOver = spread, MaxPerWorker = most is > 0 ? most : null };
    }

    /// <summary>None for one that holds everywhere, or is left out.</summary>
    private static string? Constraint(string text, Section placement)
    {
        var parts = Rule().Match(text);
        if (!parts.Success)
        {
            placement.Wrong("constraints", $"'{text}' is not a constraint such as node.labels.disk == ssd");
            return null;
        }

        var (subject, value) = (parts.Groups["subject"].Value, parts.Groups["value"].Value);
        var sign = parts.Groups["sign"].Value == "!=" ? "!=" : "==";
        var holds = (sign == "==") == (value is "worker" or "linux");
        return subject switch
        {
            "node.hostname" => $"worker {sign} {value}",
            "node.role" or "node.platform.os" when holds => null,
            "node.role" => Left(placement, "masters run no instances: the service runs on any worker"),
            "node.id" or "node.ip" or "node.platform.os" or "node.platform.arch" =>
                Left(placement, $"workers have no {subject}: the constraint is left out; give them a label"),
            _ when subject.StartsWith(NodeLabel, StringComparison.Ordinal) => $"{subject[NodeLabel.Length..]} {sign} {value}",
            _ when subject.StartsWith(EngineLabel, StringComparison.Ordinal) =>
                Engine($"{subject[EngineLabel.Length..]} {sign} {value}", placement),
            _ => $"{subject} {sign} {value}",
        };
    }

    private static string? Left(Section placement, string happens)
    {
        placement.Note("constraints", happens);
        return null;
    }

    private static string Engine(string rule, Section placement)
    {
        placement.Note("constraints", "labels of engines are not known: the labels of the workers are looked at");
        return rule;
    }

    private static string? Spread(Section placement)
    {
        List<string> labels = [];
        foreach (var preference in placement.Items("preferences"))
        {
            if (preference.Text("spread") is { } spread)
                labels.Add(spread.StartsWith(NodeLabel, StringComparison.Ordinal) ? spread[NodeLabel.Length..] : spread);
            preference.End();
        }

        if (labels.Count > 1) placement.Note("preferences", "instances are spread over one label, the first");
        return labels.FirstOrDefault();
    }

    [GeneratedRegex(@"^\s*(?<subject>[A-Za-z0-9._/-]+)\s*(?<sign>==|!=|=)\s*(?<value>[A-Za-z0-9._/:-]+)\s*\z")]
    private static partial Regex Rule();
}
