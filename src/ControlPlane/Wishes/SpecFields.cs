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
    private static readonly JsonTypeInfo Shape = ContractsJson.Strict.GetTypeInfo(typeof(ServiceSpec));

    private static readonly Dictionary<string, JsonPropertyInfo> Known =
        Shape.Properties.Where(p => p is { Get: not null, Set: not null }).ToDictionary(p => p.Name, StringComparer.Ordinal);

    private static readonly ServiceSpec Defaults = new();

    /// <summary>Names of the fields in which two specs differ.</summary>
    public static IEnumerable<string> Differing(ServiceSpec one, ServiceSpec other) =>
        Known.Values.Where(field => !Equals(field.Get!(one), field.Get(other))).Select(field => field.Name);

    /// <summary>
    /// The spec after a JSON merge patch (RFC 7396), and what of the patch cannot be read. At every depth null takes away, so that a field
    /// goes back to its default; what is absent stays; a list is replaced whole.
    /// </summary>
    public static (ServiceSpec Spec, ValueList<FieldProblem> Problems) Merge(ServiceSpec current, JsonObject patch)
    {
        // Fields are written into the copy, so both levels must be copies.
        var spec = current with { Container = current.Container with { }, Job = current.Job with { } };
        List<FieldProblem> problems = [];
        var merged = JsonSerializer.SerializeToNode(current, ContractsJson.Strict)!.AsObject();
        Patch(merged, patch, Shape, "", problems);
        foreach (var name in patch.Select(field => field.Key).Where(Known.ContainsKey).Order(StringComparer.Ordinal))
        {
            var field = Known[name];
            try
            {
                field.Set!(spec, merged[name] is { } value ? value.Deserialize(field.PropertyType, ContractsJson.Strict)
                    : field.Get!(Defaults));
            }
            catch (JsonException e)
            {
                problems.Add(JsonProblems.Of(e, name));
            }
        }

        // The default is what such a service shows, and what is shown can be written back.
        var isAsked = patch.ContainsKey("instances") && spec.Instances != Defaults.Instances;
        if (isAsked && spec.Mode == ServiceMode.Global)
            problems.Add(new("instances", "is not for a global service: it runs one on each eligible worker"));
        if (isAsked && spec.Mode == ServiceMode.Job)
            problems.Add(new("instances", "is not for a job: completions says how often its work is to be done"));
        return (spec, problems.OrderBy(problem => problem.Field, StringComparer.Ordinal).ToValueList());
    }

    /// <summary>
    /// Names are looked at here and not only by the reader, which never sees one whose value is null. A map takes every name.
    /// </summary>
    private static void Patch(JsonObject target, JsonObject patch, JsonTypeInfo shape, string path, List<FieldProblem> problems)
    {
        foreach (var (name, value) in patch)
        {
            var field = shape.Properties.FirstOrDefault(it => it.Name == name);
            if (shape.Kind == JsonTypeInfoKind.Object && field is null)
            {
                problems.Add(new(path + name, JsonProblems.Unknown(shape.Type)));
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && field is not null)
            {
                if (target[name] is not JsonObject) target[name] = new JsonObject();
                Patch(target[name]!.AsObject(), inner, ContractsJson.Strict.GetTypeInfo(field.PropertyType), $"{path}{name}.", problems);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
