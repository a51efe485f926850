using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>Reads a stack as people write it. Everything that is wrong with it is told, each by its path.</summary>
internal static class StackReading
{
    private const string DependsOn = "dependsOn";

    public static (StackSpec Spec, ValueList<FieldProblem> Problems) Of(string stack, JsonObject body)
    {
        List<FieldProblem> problems = [];
        Dictionary<string, StackService> services = new(StringComparer.Ordinal);
        if (body["services"] is JsonObject all)
        {
            foreach (var (name, service) in all) services[name] = Service($"services.{name}", service, problems);
        }
        else
        {
            problems.Add(new("services", body.ContainsKey("services") ? "is not an object of services" : "is required"));
        }

        var rest = Rest(body, problems);
        var spec = rest with { Services = new(services) };
        var unread = problems.ToList();
        problems.AddRange(StackValidation.Problems(stack, spec).Where(it => !unread.Any(told => Covers(told.Field, it.Field))));
        return (spec, problems.OrderBy(it => it.Field, StringComparer.Ordinal).ToValueList());
    }

    private static StackService Service(string path, JsonNode? node, List<FieldProblem> problems)
    {
        if (node is not JsonObject fields)
        {
            problems.Add(new(path, "is not an object with the fields of a service"));
            return new();
        }

        var own = fields.DeepClone().AsObject();
        own.Remove(DependsOn);
        var (spec, found) = SpecFields.Merge(new(), own);
        problems.AddRange(found.Select(it => it with { Field = $"{path}.{it.Field}" }));
        return new() { Spec = spec, DependsOn = Dependencies(path, fields[DependsOn], problems) };
    }

    private static ValueMap<StackCondition> Dependencies(string path, JsonNode? node, List<FieldProblem> problems)
    {
        if (node is null) return new([]);
        try
        {
            return new JsonObject { [DependsOn] = node.DeepClone() }.Deserialize<StackService>(ContractsJson.Strict)!.DependsOn;
        }
        catch (JsonException e)
        {
            // What reads the map by itself tells a path that begins there.
            var (field, reason) = JsonProblems.Of(e, "");
            var rest = field.StartsWith(DependsOn, StringComparison.Ordinal) ? field[DependsOn.Length..]
                : field.StartsWith('[') ? field : $".{field}";
            problems.Add(new($"{path}.{DependsOn}{rest}".TrimEnd('.'), reason));
            return new([]);
        }
    }

    /// <summary>What stands beside the services.</summary>
    private static StackSpec Rest(JsonObject body, List<FieldProblem> problems)
    {
        var rest = new StackSpec();
        foreach (var (name, value) in body.Where(it => it.Key != "services"))
        {
            try
            {
                var one = new JsonObject { [name] = value?.DeepClone() }.Deserialize<StackSpec>(ContractsJson.Strict)!;
                if (name == "onFailure") rest = rest with { OnFailure = one.OnFailure };
                if (name == "deadline") rest = rest with { Deadline = one.Deadline };
            }
            catch (JsonException e)
            {
                problems.Add(JsonProblems.Of(e, ""));
            }
        }

        return rest;
    }

    /// <summary>What could not be read is not said to be missing as well.</summary>
    private static bool Covers(string told, string field) =>
        field == told || field.StartsWith($"{told}.", StringComparison.Ordinal) || field.StartsWith($"{told}[", StringComparison.Ordinal);
}
