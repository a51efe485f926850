using Dapr.DurableTask.Protobuf;
using LocalDapr.Components;
using LocalDapr.Workflows;

namespace LocalDapr.Tests.Workflows;

/// <summary>What a Configuration says of workflows.</summary>
public sealed class WorkflowSettingsTests
{
    [Fact]
    public void Limits_and_retention_are_read()
    {
        var settings = Read("""
            maxConcurrentWorkflowInvocations: 10
            maxConcurrentActivityInvocations: 20
            globalMaxConcurrentActivityInvocations: 30
            activityConcurrencyLimits: [{name: Pull, maxConcurrent: 2}]
            stateRetentionPolicy: {anyTerminal: 168h, failed: 30m}
            """);
        Assert.Equal((10, 20, null, 30),
            (settings.MostTurns, settings.MostActivities, settings.MostTurnsOfAll, settings.MostActivitiesOfAll));
        Assert.Equal(2, settings.MostOfActivity["pull"]);
        OrchestrationStatus[] ends = [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated];
        Assert.Equal(
            [TimeSpan.FromDays(7), TimeSpan.FromMinutes(30), TimeSpan.FromDays(7)], ends.Select(status => settings.Keep[status]));
    }

    [Fact]
    public void Without_a_word_nothing_is_limited_and_all_is_kept()
    {
        var settings = WorkflowSettingsReader.Read([]);
        Assert.Null(settings.MostTurns ?? settings.MostActivities);
        Assert.Empty(settings.Keep);
    }

    [Theory]
    [InlineData("maxConcurrentWorkflowInvocations: many", "maxConcurrentWorkflowInvocations must be a whole number above 0, not 'many'")]
    [InlineData("maxConcurrentActivityInvocations: 0", "maxConcurrentActivityInvocations must be a whole number above 0, not '0'")]
    [InlineData("activityConcurrencyLimits: [{name: Pull}]", "'Pull' has no maxConcurrent")]
    [InlineData("workflowConcurrencyLimits: [{maxConcurrent: 1}]", "workflowConcurrencyLimits: an item without name")]
    [InlineData("stateRetentionPolicy: {completed: soon}", "'soon' is no duration")]
    public void What_cannot_be_is_refused_by_file_and_name(string yaml, string why)
    {
        var refused = Assert.Throws<ResourceException>(() => Read(yaml));
        Assert.StartsWith("config.yaml: spec.workflow", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private static WorkflowSettings Read(string workflow) => WorkflowSettingsReader.Read(Document.In(
        "config.yaml", "kind: Configuration\nspec:\n  workflow:\n    " + workflow.ReplaceLineEndings("\n    ")));
}
