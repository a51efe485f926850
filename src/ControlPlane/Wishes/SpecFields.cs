using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Reads what a person wrote over a spec, field by field, and names every field that cannot be read.</summary>
internal static class SpecFields
{
    private static readonly Dictionary<string, PropertyInfo> Known = typeof(ServiceSpec).GetProperties()
        .Where(p => p.CanWrite).ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name), StringComparer.Ordinal);

    private static readonly ServiceSpec Defaults = new();

    /// <summary>The spec with the given top-level fields replaced: null goes back to the default, absent ones stay.</summary>
    public static (ServiceSpec Spec, ValueList<FieldProblem> Problems) Merge(ServiceSpec current, JsonObject fields)
    {
        var merged = current with { };
        List<FieldProblem> problems = [];
        foreach (var (field, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!Known.TryGetValue(field, out var property))
            {
                problems.Add(new(field, $"is not a known field; known are {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}"));
                continue;
            }

            try
            {
                property.SetValue(merged, value is null ? property.GetValue(Defaults) : value.Deserialize(property.PropertyType, ContractsJson.Strict));
            }
            catch (JsonException e)
            {
                problems.Add(JsonProblems.Of(e, field));
            }
        }

        return (merged, problems.ToValueList());
    }
}
