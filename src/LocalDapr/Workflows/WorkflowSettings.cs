using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>What <c>spec.workflow</c> of a Configuration says; null is without a limit.</summary>
internal sealed record WorkflowSettings
{
    /// <summary>Turns at once through one sidecar.</summary>
    public int? MostTurns { get; init; }

    /// <summary>Activities at once through one sidecar.</summary>
    public int? MostActivities { get; init; }

    /// <summary>Turns at once of the app id, over all its replicas.</summary>
    public int? MostTurnsOfAll { get; init; }

    /// <summary>Activities at once of the app id, over all its replicas.</summary>
    public int? MostActivitiesOfAll { get; init; }

    /// <summary>Turns at once by the name of the workflow, over all replicas.</summary>
    public IReadOnlyDictionary<string, int> MostOfWorkflow { get; init; } = new Dictionary<string, int>();

    /// <summary>Activities at once by their name, over all replicas.</summary>
    public IReadOnlyDictionary<string, int> MostOfActivity { get; init; } = new Dictionary<string, int>();

    /// <summary>How long an instance that ended so is kept; one that is not named is kept until somebody purges it.</summary>
    public IReadOnlyDictionary<OrchestrationStatus, TimeSpan> Keep { get; init; } = new Dictionary<OrchestrationStatus, TimeSpan>();
}
