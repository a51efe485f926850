using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Stacks;

/// <summary>Which services a deployment has to see now. What is seen for one question counts for no later one.</summary>
/// <param name="Deployment">Its number.</param>
/// <param name="Round">See <see cref="StackMark"/>.</param>
/// <param name="Wave">From 1; 0 while it is to be planned.</param>
/// <param name="Services">By their names within the stack.</param>
/// <param name="WithSpecs">Whether their wishes are to be told.</param>
public sealed record StackQuestion(long Deployment, int Round, int Wave, ValueList<string> Services, bool WithSpecs);

/// <summary>How one service is at a moment, as far as its stack is concerned.</summary>
public sealed record StackSight
{
    /// <summary>Its name within the stack.</summary>
    public required string Service { get; init; }

    /// <summary>False when nobody answered for it; then nothing else is known.</summary>
    public bool IsSeen { get; init; } = true;

    /// <summary>There is such a service, and it is not being withdrawn.</summary>
    public bool Exists { get; init; }

    /// <summary>Nothing is left of it.</summary>
    public bool IsGone { get; init; }

    /// <summary>What its stack has told it last.</summary>
    public StackMark? Mark { get; init; }

    /// <summary>The stack that it belongs to; none of a service that somebody made by itself.</summary>
    public string? Stack { get; init; }

    /// <summary>Its wish, where that was asked for.</summary>
    public ServiceSpec? Spec { get; init; }

    public bool IsStarted { get; init; }

    public bool IsHealthy { get; init; }

    public bool IsCompleted { get; init; }

    /// <summary>Why it will not become what was ordered last; none when it may.</summary>
    public string? Failed { get; init; }

    /// <summary>What it waits for, in words.</summary>
    public string? Waiting { get; init; }

    /// <summary>After which time alone it may be otherwise; none when only news can change it.</summary>
    public TimeSpan? LookAgainIn { get; init; }
}

/// <summary>What a deployment does next.</summary>
/// <param name="Apply">Services that are to be told, by their names within the stack; all with <paramref name="Mark"/>.</param>
/// <param name="Mark">Of this round; none when the deployment has ended.</param>
/// <param name="IsEnded">Nothing is left to do: it has ended, or waits for somebody to decide.</param>
/// <param name="LooksAgain">There is another question already.</param>
/// <param name="Within">When to look again even if nothing is heard.</param>
/// <param name="Progress">Where it stands.</param>
public sealed record StackTurn(
    ValueList<string> Apply, StackMark? Mark, bool IsEnded, bool LooksAgain, TimeSpan Within, StackProgress? Progress = null);

/// <summary>Where a deployment stands, in short.</summary>
public sealed record StackProgress(
    long Deployment, DeploymentState State, int? Wave, int Waves, ValueList<string> Services, DateTimeOffset? Since,
    string? Waiting = null);

/// <summary>What one service is to become; none of it when the mark does not count any more.</summary>
/// <param name="Spec">None when it is to be removed.</param>
public sealed record StackOrder(StackMark Mark, ServiceSpec? Spec, bool IsRestart, bool IsBack, string Who, string Why);

/// <summary>An answer to a question.</summary>
public sealed record StackSeen(StackQuestion Question, ValueList<StackSight> Sights);

/// <param name="Service">Its name within the stack.</param>
public sealed record StackServiceMark(string Service, StackMark Mark);

/// <param name="Service">Its name within the stack.</param>
public sealed record StackRefusal(string Service, StackMark Mark, string Reason);
