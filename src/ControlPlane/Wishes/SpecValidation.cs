using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Everything that can be wrong with a wish, by field and in words.</summary>
internal static class SpecValidation
{
    /// <summary>A service is told whole, some 420 bytes an instance, and Dapr carries at most 4 MiB.</summary>
    public const int MostInstances = 5_000;

    /// <summary>Of a text, such as the value of an environment variable, in characters.</summary>
    public const int MostText = 32 * 1024;

    public static ValueList<FieldProblem> Problems(ServiceSpec spec)
    {
        var found = new Findings();
        ContainerValidation.Look(spec.Container, found);
        found.Range("instances", spec.Instances, 0, MostInstances);
        found.Range("maxUnavailable", spec.MaxUnavailable, 1, MostInstances);
        found.Range("stopDelay", spec.StopDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        found.Each("labels", spec.Labels,
            (name, _) => name.Length is 0 or > 255 ? "a label has a name of 1 to 255 characters" : null);
        JobValidation.Look(spec, found);
        Restart(spec.Restart, found);
        Update(spec, found);
        Placement(spec.Placement, found);
        return found.Problems.ToValueList();
    }

    private static void Restart(RestartPolicy restart, Findings found)
    {
        found.Range("restart.delay", restart.Delay, TimeSpan.Zero, TimeSpan.FromHours(1));
        found.Range("restart.maxDelay", restart.MaxDelay, TimeSpan.Zero, TimeSpan.FromHours(24));
        found.Range("restart.resetAfter", restart.ResetAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        found.Range("restart.attempts", restart.Attempts, 0, 1000);
        found.Range("restart.window", restart.Window, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    }

    private static void Update(ServiceSpec spec, Findings found)
    {
        var update = spec.Update;
        found.Range("update.parallelism", update.Parallelism, 1, 1000);
        found.Range("update.delay", update.Delay, TimeSpan.Zero, TimeSpan.FromHours(24));
        found.Range("update.monitor", update.Monitor, TimeSpan.Zero, TimeSpan.FromHours(24));
        found.Range("update.deadline", update.Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        if (!double.IsFinite(update.MaxFailureRatio) || update.MaxFailureRatio is < 0 or > 1)
            found.Add("update.maxFailureRatio", "is a number from 0 to 1");
        if (update.Order == UpdateOrder.StartFirst && spec.Container.Volumes.FirstOrDefault(v => v.Exclusive) is { } volume)
            found.Add("update.order", $"start-first would open volume {volume.Source} twice, and it is exclusive");
    }

    private static void Placement(PlacementRules rules, Findings found)
    {
        found.Most("placement.constraints", rules.Constraints.Count);
        found.Most("placement.preferences", rules.Preferences.Count);
        foreach (var (at, rule) in rules.Constraints.Index()) found.Rule($"placement.constraints[{at}]", rule);
        foreach (var (at, preference) in rules.Preferences.Index())
        {
            found.Rule($"placement.preferences[{at}].rule", preference.Rule);
            if (preference.Weight is 0 or < -100 or > 100)
                found.Add($"placement.preferences[{at}].weight", "is from -100 to 100 and not 0");
        }

        if (rules.SpreadOver is { } label && (label.Length is 0 or > 255 || label.Contains(' ', StringComparison.Ordinal)))
            found.Add("placement.spreadOver", "is the name of a label of the workers");
        if (rules.MaxPerWorker is { } most) found.Range("placement.maxPerWorker", most, 1, MostInstances);
    }
}
