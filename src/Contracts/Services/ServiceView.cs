using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>What the API answers about one service: the wish, the decisions and the observations, side by side and not merged.</summary>
public sealed record ServiceView
{
    public required string Name { get; init; }
    public required int Revision { get; init; }

    /// <summary>Activations of the ServiceMaster so far.</summary>
    public required long Epoch { get; init; }

    /// <summary>The wish.</summary>
    public required ServiceSpec Spec { get; init; }

    /// <summary>The bytes that the revision in force is bound to: image, secrets and configs.</summary>
    public PinnedContent Content { get; init; } = new();

    /// <summary>What is worth knowing and no reason to wait, a sentence each: where workers run different bytes, for one.</summary>
    public ValueList<string> Notes { get; init; } = [];

    /// <summary>True while the service is being withdrawn.</summary>
    public bool Withdrawing { get; init; }

    /// <summary>False for a moment after another master has taken over: not every worker has told yet what it has.</summary>
    public required bool Observed { get; init; }

    /// <summary>How many instances run (and are healthy, where there is a probe); none while that is not observed.</summary>
    public int? Running { get; init; }

    public required ServiceState State { get; init; }

    public ValueList<InstanceView> Instances { get; init; } = [];

    /// <summary>What cannot be done yet and why, a sentence each.</summary>
    public ValueList<string> Waiting { get; init; } = [];

    /// <summary>Where an update stands: <c>4/10 updated, 1 starting, monitoring until …</c>; none when there is none.</summary>
    public string? Rollout { get; init; }

    /// <summary>Why the update touches no further slot, until somebody decides; none when it goes on, or there is none.</summary>
    public string? Paused { get; init; }

    /// <summary>
    /// How the last rollout ended: <c>revision 6 was rolled back to 5: slot 1 failed: exit code 1</c>; none since the last change.
    /// </summary>
    public string? LastRollout { get; init; }

    /// <summary>Of a job: its runs.</summary>
    public JobView? Job { get; init; }

    /// <summary>What its stack has told it last; none of a service that belongs to no stack.</summary>
    public StackMark? Stack { get; init; }

    /// <summary>True when the state store does not answer now, and this is what was known last.</summary>
    public bool Stale { get; init; }

    /// <summary>Of a stale answer: time since the store last told or took it.</summary>
    public TimeSpan? StaleFor { get; init; }
}

/// <summary>One instance: what was decided (name, slot, revision, worker) and what its worker reported.</summary>
public sealed record InstanceView
{
    public required string Name { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }

    /// <summary>The number of its run, of a job's only.</summary>
    public int? Run { get; init; }

    public required string Worker { get; init; }
    public required Phase Phase { get; init; }
    public InstanceHealth Health { get; init; }

    /// <summary>Whether it is in rotation, by the probe of its readiness; none without such a probe.</summary>
    public InstanceHealth? Readiness { get; init; }

    /// <summary>The last results of its probes, oldest first; of the first 500 instances only.</summary>
    public ValueList<ProbeResult>? Probes { get; init; }

    public string? ContainerId { get; init; }
    public ValueList<PublishedPort> Ports { get; init; } = [];
    public DateTimeOffset? StartedAt { get; init; }
    public int? ExitCode { get; init; }
    public string? Message { get; init; }

    /// <summary>Why it was placed, or why it is being stopped.</summary>
    public string? Reason { get; init; }
}

/// <summary>The steps that a change would cause, in order.</summary>
public sealed record PlanView(ValueList<PlanStepView> Steps, ValueList<string> Waiting);

/// <param name="Kind">run, stop, forget or another decision, e.g. rollout.</param>
/// <param name="After">Which condition it waits for when it is not done at once, in words.</param>
public sealed record PlanStepView(string Kind, string Instance, string Worker, string Reason, string? After = null);
