using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>Answer to <c>GET /services/{name}/explain</c>: why each instance is where it is, or why it is not running yet.</summary>
public sealed record ServiceExplanation
{
    public required string Name { get; init; }
    public required int Revision { get; init; }

    /// <summary>In which order an update replaces instances, and why.</summary>
    public required string UpdateOrder { get; init; }

    public string? Rollout { get; init; }

    /// <summary>How the last rollout ended.</summary>
    public string? LastRollout { get; init; }

    /// <summary>A page of slots by number.</summary>
    public ValueList<SlotExplanation> Slots { get; init; } = [];

    /// <summary>First slot of the next page; none when this is the last.</summary>
    public int? Next { get; init; }

    /// <inheritdoc cref="ServiceView.Stale"/>
    public bool Stale { get; init; }

    /// <inheritdoc cref="ServiceView.StaleFor"/>
    public TimeSpan? StaleFor { get; init; }
}

/// <summary>One slot: what was decided and why, and how the workers compare at this moment.</summary>
public sealed record SlotExplanation
{
    public required int Slot { get; init; }

    /// <summary>The instance in the slot; none when nothing could be started yet.</summary>
    public string? Instance { get; init; }

    public string? Worker { get; init; }
    public Phase? Phase { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The reason that was recorded when the instance was placed: the rule and the figures that decided then.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it does not run yet or cannot be moved; none when all is as wished.</summary>
    public string? Waiting { get; init; }

    /// <summary>How the slot's instances have failed lately.</summary>
    public string? Failures { get; init; }

    /// <summary>Workers with room as they rank now, as if the instance were not there; the best first, at most ten.</summary>
    public ValueList<Candidate> Candidates { get; init; } = [];

    /// <summary>Workers that a rule refuses, at most fifty.</summary>
    public ValueList<RefusedWorker> Refused { get; init; } = [];

    /// <summary>All workers by the rule that refuses them.</summary>
    public ValueList<RefusalCount> Refusals { get; init; } = [];
}

/// <param name="Score">Lower is better.</param>
/// <param name="Here">Instances of the service that are there.</param>
/// <param name="Load">How full the worker is, 0 to 1.</param>
/// <param name="Preference">Sum of the weights of the preferences that hold.</param>
/// <param name="Failing">Slots of the service that failed there again and again lately.</param>
public sealed record Candidate(string Worker, double Score, int Here, double Load, int Preference, bool HasImage, int Failing);

/// <param name="Rule">ready, draining, excluded, constraint, policy, cores, max-per-worker, volume, host-port, cpu or memory.</param>
/// <param name="Why">With the figures.</param>
public sealed record RefusedWorker(string Worker, string Rule, string Why);

public sealed record RefusalCount(string Rule, int Workers);

/// <summary>Answer to <c>GET /services/{name}/history</c>.</summary>
public sealed record ServiceHistory
{
    public required string Name { get; init; }

    /// <summary>The revisions that can be returned to, oldest first.</summary>
    public ValueList<RevisionView> Revisions { get; init; } = [];

    /// <summary>Oldest first, bounded.</summary>
    public ValueList<HistoryEvent> Events { get; init; } = [];

    /// <inheritdoc cref="ServiceView.Stale"/>
    public bool Stale { get; init; }

    /// <inheritdoc cref="ServiceView.StaleFor"/>
    public TimeSpan? StaleFor { get; init; }
}

/// <param name="InForce">True for the one that the service is to run.</param>
/// <param name="Content">The bytes it is bound to.</param>
public sealed record RevisionView(
    int Number, bool InForce, string Who, DateTimeOffset When, string Why, ServiceSpec Spec, PinnedContent Content);
