using System.Globalization;
using Dapr.DurableTask.Protobuf;
using LocalDapr.Components;
using LocalDapr.Scheduling;

namespace LocalDapr.Workflows;

/// <summary>Reads <c>spec.workflow</c> of documents of kind Configuration; of several the last one that says something counts.</summary>
internal static class WorkflowSettingsReader
{
    /// <exception cref="ResourceException">A value is none.</exception>
    public static WorkflowSettings Read(IEnumerable<Document> documents) => documents.Aggregate(
        new WorkflowSettings(), (settings, document) => Read(document.File, document.Yaml["spec"]["workflow"], settings));

    private static WorkflowSettings Read(string file, Yaml workflow, WorkflowSettings before) => before with
    {
        MostTurns = Limit(file, workflow, "maxConcurrentWorkflowInvocations") ?? before.MostTurns,
        MostActivities = Limit(file, workflow, "maxConcurrentActivityInvocations") ?? before.MostActivities,
        MostTurnsOfAll = Limit(file, workflow, "globalMaxConcurrentWorkflowInvocations") ?? before.MostTurnsOfAll,
        MostActivitiesOfAll = Limit(file, workflow, "globalMaxConcurrentActivityInvocations") ?? before.MostActivitiesOfAll,
        MostOfWorkflow = Limits(file, workflow, "workflowConcurrencyLimits", before.MostOfWorkflow),
        MostOfActivity = Limits(file, workflow, "activityConcurrencyLimits", before.MostOfActivity),
        Keep = Keep(file, workflow["stateRetentionPolicy"], before.Keep),
    };

    private static int? Limit(string file, Yaml parent, string name)
    {
        if (parent[name].Text is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0 ? limit
            : throw new ResourceException(file, $"spec.workflow: {name} must be a whole number above 0, not '{text}'");
    }

    private static Dictionary<string, int> Limits(string file, Yaml workflow, string name, IReadOnlyDictionary<string, int> before)
    {
        var limits = new Dictionary<string, int>(before, StringComparer.OrdinalIgnoreCase);
        foreach (var item in workflow[name].Items)
        {
            string of = item["name"].Text ?? throw new ResourceException(file, $"spec.workflow.{name}: an item without name");
            limits[of] = Limit(file, item, "maxConcurrent")
                ?? throw new ResourceException(file, $"spec.workflow.{name}: '{of}' has no maxConcurrent");
        }

        return limits;
    }

    /// <summary>What is said of all ends counts for those of which nothing of their own is said.</summary>
    private static Dictionary<OrchestrationStatus, TimeSpan> Keep(
        string file, Yaml policy, IReadOnlyDictionary<OrchestrationStatus, TimeSpan> before)
    {
        var keep = new Dictionary<OrchestrationStatus, TimeSpan>(before);
        (string Name, OrchestrationStatus Status)[] all =
        [
            ("completed", OrchestrationStatus.Completed), ("failed", OrchestrationStatus.Failed),
            ("terminated", OrchestrationStatus.Terminated),
        ];
        foreach (var (name, status) in all)
        {
            if ((policy[name].Text ?? policy["anyTerminal"].Text) is not { } text) continue;
            keep[status] = DaprTime.TryGo(text, out var time) && time >= TimeSpan.Zero ? time
                : throw new ResourceException(
                    file, $"spec.workflow.stateRetentionPolicy: '{text}' is no duration (such as 30s, 12h or 168h)");
        }

        return keep;
    }
}
