using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Stacks;

/// <summary>A wish of a user for one stack.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DeploySpec), "deploy")]
[JsonDerivedType(typeof(RollBackStack), "rollback")]
[JsonDerivedType(typeof(RestartStack), "restart")]
[JsonDerivedType(typeof(RemoveStack), "remove")]
[JsonDerivedType(typeof(CancelDeployment), "cancel")]
[JsonDerivedType(typeof(ResumeDeployment), "resume")]
[JsonDerivedType(typeof(RestoreStack), "restore")]
public abstract record StackChange
{
    /// <summary>Who asks.</summary>
    public string Who { get; init; } = "";

    /// <summary>Why, in the asker's words; may be empty.</summary>
    public string Why { get; init; } = "";
}

public sealed record DeploySpec(StackSpec Spec) : StackChange;

/// <param name="Deployment">One that proved good and is kept; none means the one before.</param>
public sealed record RollBackStack(long? Deployment = null) : StackChange;

/// <summary>Restarts all services, in the order of their dependencies.</summary>
public sealed record RestartStack : StackChange;

/// <summary>Removes all services, in reverse order, and forgets the stack.</summary>
public sealed record RemoveStack : StackChange;

/// <summary>The deployment under way goes back to what was before it.</summary>
public sealed record CancelDeployment : StackChange;

/// <summary>A deployment that stopped because something failed tries that again.</summary>
public sealed record ResumeDeployment : StackChange;

/// <summary>Puts the record of a stack back as a backup has it; its services are restored for themselves.</summary>
/// <param name="Replace">Whether a stack of the name that differs is changed to what the backup says.</param>
public sealed record RestoreStack(JsonElement Record, bool Replace) : StackChange;

/// <param name="Id">Names the request: asked again after a lost answer, it is not carried out twice.</param>
/// <param name="DryRun">Nothing is done; the answer says what would be deployed.</param>
/// <param name="IfMatch">Only when the stack's tag is one of these; <c>*</c> stands for any.</param>
/// <param name="IfNoneMatch">Only when there is no stack, or its tag is none of these.</param>
public sealed record StackChangeRequest(
    string Id, StackChange Change, bool DryRun = false, ValueList<string>? IfMatch = null, ValueList<string>? IfNoneMatch = null);

/// <summary>What became of a request to a StackMaster.</summary>
public sealed record StackAnswer
{
    public required ServiceOutcome Outcome { get; init; }

    /// <summary>The stack after the request, without what its services themselves tell.</summary>
    public StackView? Stack { get; init; }

    /// <summary>Names the state of the wish; another after every change.</summary>
    public string? Tag { get; init; }

    /// <summary>Answer to a dry run: what would be deployed; none when nothing would.</summary>
    public StackTarget? Target { get; init; }

    /// <summary>Answer to a restore that was, or could be, carried out.</summary>
    public RestoreOutcome? Restored { get; init; }

    /// <summary>Why not, by field.</summary>
    public ValueList<FieldProblem> Problems { get; init; } = [];
}

/// <summary>What a deployment would make of a stack.</summary>
/// <param name="Spec">What all is to become; without services when all is to be removed.</param>
/// <param name="Asked">What was wished for when all was well last; none when there was nothing.</param>
/// <param name="Members">Services that are there, or may be.</param>
public sealed record StackTarget(StackAction Action, StackSpec Spec, StackSpec? Asked, ValueList<string> Members);

/// <summary>What <c>POST /stacks/{name}/rollback</c> takes.</summary>
/// <param name="Deployment">One that proved good and is kept; none means the one before.</param>
public sealed record RollStackBackTo(long? Deployment = null);
