using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Stacks;

/// <summary>One change of a stack: what was to be done in which order, how far it has come and how it ended.</summary>
public sealed record StackDeployment
{
    /// <summary>Counts the deployments of a stack; not every number occurs.</summary>
    public required long Id { get; init; }

    public required StackAction Action { get; init; }

    public required DeploymentState State { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Who { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why, in the asker's words; may be empty.</summary>
    public string Why { get; init; } = "";

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it is as it is, in words: what failed, who cancelled it, what came after it.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What is done at the same time, one wave after the other; empty until it has been planned, and of deployments long ago.
    /// </summary>
    public ValueList<StackWave> Waves { get; init; } = [];

    /// <summary>The way back, once something has failed; empty otherwise.</summary>
    public ValueList<StackWave> Back { get; init; } = [];

    /// <summary>The wave under way, from 1, there or on the way back; none when nothing is under way.</summary>
    public int? Wave { get; init; }

    /// <summary>Since when it has been in that wave.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Services that are changed side by side.</summary>
public sealed record StackWave(ValueList<StackStep> Steps);

/// <summary>One service in a deployment.</summary>
public sealed record StackStep
{
    /// <summary>Its name within the stack.</summary>
    public required string Service { get; init; }

    public required StackStepKind Kind { get; init; }

    /// <summary>Why, in words: what changes.</summary>
    public required string Reason { get; init; }

    /// <summary>What it must become before the next wave; none when nobody waits for it.</summary>
    public StackCondition? Until { get; init; }

    public StackStepState State { get; init; } = StackStepState.Waiting;

    /// <summary>Since when it has been in that state.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What it waits for, or why it failed.</summary>
    public string? Note { get; init; }
}

public enum StackAction { Deploy, Rollback, Restart, Remove }

public enum StackStepKind { Create, Update, Restart, Remove, Untouched }

public enum StackStepState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>The service is being told, and has perhaps been told already.</summary>
    Applying,

    /// <summary>The service has taken it, and becomes what is waited for.</summary>
    Applied,

    Done,
    Failed,
}

public enum DeploymentState
{
    /// <summary>It is accepted and not planned yet.</summary>
    Waiting,

    Running,

    /// <summary>Something has failed, or somebody has cancelled it: all goes back to what it was.</summary>
    RollingBack,

    /// <summary>Something has failed; it stays as it is until somebody decides.</summary>
    Paused,

    Done,

    /// <summary>It failed, and all is what it was before.</summary>
    RolledBack,

    /// <summary>Somebody cancelled it, and all is what it was before.</summary>
    Cancelled,

    /// <summary>Something failed and stayed so; the reason says what.</summary>
    Failed,

    /// <summary>Another deployment has taken its place.</summary>
    Superseded,
}
