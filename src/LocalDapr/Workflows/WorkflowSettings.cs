namespace LocalDapr.Workflows;

/// <summary>What <c>spec.workflow</c> of a Configuration says.</summary>
internal sealed record WorkflowSettings
{
    /// <summary>Turns at once through one sidecar; null for as many as there are.</summary>
    public int? MostTurns { get; init; }

    /// <summary>Activities at once through one sidecar; null for as many as there are.</summary>
    public int? MostActivities { get; init; }
}
