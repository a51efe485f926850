using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Stacks;

/// <summary>What the API answers about one stack: the wish, how its services are, and its deployments.</summary>
public sealed record StackView
{
    public required string Name { get; init; }

    public required StackState State { get; init; }

    /// <summary>Why it is in that state, in words; none when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The wish that was deployed last.</summary>
    public required StackSpec Spec { get; init; }

    public ValueList<StackServiceView> Services { get; init; } = [];

    /// <summary>The deployment under way, or the last one.</summary>
    public StackDeployment? Deployment { get; init; }

    /// <summary>The last deployments, the newest first.</summary>
    public ValueList<StackDeploymentLine> Deployments { get; init; } = [];
}

/// <summary>One service of a stack as it is now.</summary>
public sealed record StackServiceView
{
    /// <summary>Its name within the stack.</summary>
    public required string Name { get; init; }

    /// <summary>What it is called in the cluster.</summary>
    public required string Service { get; init; }

    /// <summary>False when there is no such service in the cluster.</summary>
    public required bool Exists { get; init; }

    public ServiceState? State { get; init; }

    public string? Image { get; init; }

    public int? Revision { get; init; }

    public int? Wanted { get; init; }

    /// <summary>How many instances run; none while that is not observed.</summary>
    public int? Running { get; init; }

    /// <summary>The first thing that cannot be done yet and why.</summary>
    public string? Waiting { get; init; }

    /// <summary>
    /// How the service differs from what the stack wants, in words: somebody has changed it by itself; none when it does not.
    /// </summary>
    public string? Drift { get; init; }
}

/// <summary>A deployment in short.</summary>
public sealed record StackDeploymentLine(
    long Id, StackAction Action, DeploymentState State, string Who, DateTimeOffset At, DateTimeOffset? EndedAt = null,
    string? Reason = null, string Why = "");

/// <summary>A line of <c>GET /stacks</c>.</summary>
public sealed record StackSummary
{
    public required string Name { get; init; }

    public required StackState State { get; init; }

    public string? Reason { get; init; }

    /// <summary>The names of its services, within the stack.</summary>
    public ValueList<string> Services { get; init; } = [];

    /// <summary>The deployment under way, or the last one.</summary>
    public StackDeploymentLine? Deployment { get; init; }
}

/// <summary>How a stack is, in a word.</summary>
public enum StackState
{
    /// <summary>A deployment goes forward.</summary>
    Deploying,

    /// <summary>A deployment goes back.</summary>
    RollingBack,

    /// <summary>A deployment has stopped and waits for somebody to decide.</summary>
    Paused,

    /// <summary>Its services are being removed.</summary>
    Removing,

    /// <summary>The last deployment failed and stayed so.</summary>
    Failed,

    /// <summary>What was wished for is deployed.</summary>
    Deployed,
}

/// <summary>A page of <c>GET /stacks</c>, by name.</summary>
/// <param name="Next">Pass as <c>after</c> for the next page; none on the last.</param>
public sealed record StackList(ValueList<StackSummary> Stacks, string? Next);

/// <summary>What a change of a stack would do, in order.</summary>
public sealed record StackPlanView(ValueList<StackPlanWave> Waves);

/// <summary>Services that would be changed side by side.</summary>
public sealed record StackPlanWave(ValueList<StackPlanStep> Steps);

/// <param name="Service">Its name within the stack.</param>
/// <param name="Reason">What changes, and what of that somebody has changed by hand before.</param>
/// <param name="Until">What it must become before the next wave.</param>
/// <param name="Plan">What the service itself would do; none when it is not touched.</param>
public sealed record StackPlanStep(string Service, StackStepKind Kind, string Reason, StackCondition? Until = null, PlanView? Plan = null);
