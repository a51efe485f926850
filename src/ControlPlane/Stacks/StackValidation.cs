using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>Everything that can be wrong with a stack, by path and in words: each of its services, and how they hang together.</summary>
internal static class StackValidation
{
    public static ValueList<FieldProblem> Problems(string stack, StackSpec spec)
    {
        var found = new Findings();
        if (spec.Services.Count is 0 or > StackSpec.MostServices)
            found.Add("services", $"has {spec.Services.Count} services; allowed are 1 to {StackSpec.MostServices}");
        found.Range("deadline", spec.Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        foreach (var (name, service) in spec.Services)
        {
            var path = $"services.{name}";
            if (Name(stack, name) is { } problem) found.Add(path, problem);
            foreach (var it in SpecValidation.Problems(service.Spec)) found.Add($"{path}.{it.Field}", it.Reason);
            foreach (var label in new[] { StackNames.StackLabel, StackNames.ServiceLabel })
            {
                if (service.Spec.Labels.ContainsKey(label)) found.Add($"{path}.labels.{label}", "is given by the stack itself");
            }

            foreach (var (on, condition) in service.DependsOn)
            {
                if (Dependency(spec, name, on, condition) is { } reason) found.Add($"{path}.dependsOn.{on}", reason);
            }
        }

        if (found.Problems.Count == 0 && Waves.Circle(spec.Services) is { } circle)
            found.Add($"services.{circle[0]}.dependsOn.{circle[1]}", $"is part of a circle: {string.Join(" → ", circle)}");
        return found.Problems.ToValueList();
    }

    private static string? Name(string stack, string name)
    {
        var whole = StackNames.Service(stack, name);
        return ServiceNames.Problem(name) ?? (whole.Length > ServiceNames.MaxLength
            ? $"is too long: the service would be called {whole}, which is {whole.Length} characters; at most {ServiceNames.MaxLength} are "
                + "allowed"
            : null);
    }

    private static string? Dependency(StackSpec spec, string name, string on, StackCondition condition) =>
        on == name ? "is the service itself"
        : spec.Services[on] is not { } service
            ? $"there is no service {on} in the stack; there are {string.Join(", ", spec.Services.Keys)}"
        : condition == StackCondition.Completed && !Endings.Has(service.Spec)
            ? service.Spec.Mode == ServiceMode.Job ? $"{on} runs by its schedule, and no deployment waits for that"
                : $"{on} runs on and on: only a job completes"
        : null;
}
