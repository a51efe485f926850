namespace Orchestrator.Contracts.Services;

/// <summary>Something that happened to a service, for <c>GET /services/{name}/history</c>.</summary>
/// <param name="What">A sentence that says what and why.</param>
/// <param name="Slot">The slot it is about, when it is about one.</param>
/// <param name="Revision">The revision it is about, when it is about one.</param>
/// <param name="Who">Who asked for it; none when the service decided.</param>
public sealed record HistoryEvent(
    DateTimeOffset At, HistoryKind Kind, string What, int? Slot = null, int? Revision = null, string? Who = null);

public enum HistoryKind
{
    Created,

    /// <summary>The wish changed in a way that needs no new container.</summary>
    Changed,

    /// <summary>A new revision, or an older one, came into force.</summary>
    Revision,
    Rollout,
    Restart,

    /// <summary>An instance was replaced because its worker was lost.</summary>
    Lost,
    Move,
    Withdrawn,

    /// <summary>A run of a job began, ended, or was left out.</summary>
    Job,
}
