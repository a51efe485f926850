using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>The fields of a spec as people write them, those of its container among them. The JSON format knows them all.</summary>
internal static class SpecFields
{
    private static readonly Dictionary<string, JsonPropertyInfo> Known =
        ContractsJson.Strict.GetTypeInfo(typeof(ServiceSpec)).Properties
            .Where(p => p is { Get: not null, Set: not null }).ToDictionary(p => p.Name, StringComparer.Ordinal);

    private static readonly ServiceSpec Defaults = new();

    /// <summary>Names of the fields in which two specs differ.</summary>
    public static IEnumerable<string> Differing(ServiceSpec one, ServiceSpec other) =>
        Known.Values.Where(field => !Equals(field.Get!(one), field.Get(other))).Select(field => field.Name);

    /// <summary>The spec with the given fields replaced, and those that cannot be read. Null means the default, absent ones stay.</summary>
    public static (ServiceSpec Spec, ValueList<FieldProblem> Problems) Merge(ServiceSpec current, JsonObject fields)
    {
        // Fields are written into the copy, so both levels must be copies.
        var merged = current with { Container = current.Container with { } };
        List<FieldProblem> problems = [];
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!Known.TryGetValue(name, out var field))
            {
                problems.Add(new(name, $"is not a known field; known are {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}"));
                continue;
            }

            try
            {
                field.Set!(merged, value is null ? field.Get!(Defaults) : value.Deserialize(field.PropertyType, ContractsJson.Strict));
            }
            catch (JsonException e)
            {
                problems.Add(JsonProblems.Of(e, name));
            }
        }

        return (merged, problems.ToValueList());
    }
}
