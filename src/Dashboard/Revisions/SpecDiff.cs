using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Dashboard.Revisions;

/// <summary>A field that two specs do not have alike.</summary>
/// <param name="Field">As refusals name it: <c>ports[0].container</c>.</param>
/// <param name="Before">None where it was not there.</param>
/// <param name="After">None where it is not there any more.</param>
public sealed record FieldDiff(string Field, string? Before, string? After);

public static class SpecDiff
{
    /// <summary>By the order of the fields in a spec.</summary>
    public static IReadOnlyList<FieldDiff> Between(ServiceSpec before, ServiceSpec after)
    {
        var (old, now) = (Fields(before), Fields(after));
        return [.. now.Keys.Union(old.Keys, StringComparer.Ordinal)
            .Select(field => new FieldDiff(field, old.GetValueOrDefault(field), now.GetValueOrDefault(field)))
            .Where(it => it.Before != it.After)];
    }

    private static Dictionary<string, string> Fields(ServiceSpec spec)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(JsonSerializer.SerializeToNode(spec, ContractsJson.Options), "", fields);
        return fields;
    }

    private static void Collect(JsonNode? node, string path, Dictionary<string, string> fields)
    {
        switch (node)
        {
            case JsonObject all:
                foreach (var (name, value) in all) Collect(value, path.Length == 0 ? name : $"{path}.{name}", fields);
                break;
            case JsonArray list:
                foreach (var (at, value) in list.Index()) Collect(value, $"{path}[{at}]", fields);
                break;
            case not null:
                fields[path] = node.ToString();
                break;
        }
    }
}
