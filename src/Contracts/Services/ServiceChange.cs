using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Contracts.Services;

/// <summary>A wish of a user for one service. Each can be asked for as a dry run.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CreateService), "create")]
[JsonDerivedType(typeof(UpdateService), "update")]
[JsonDerivedType(typeof(WithdrawService), "withdraw")]
[JsonDerivedType(typeof(RollBack), "rollback")]
[JsonDerivedType(typeof(RestartInstances), "restart")]
[JsonDerivedType(typeof(TakeNewContent), "take-new-content")]
[JsonDerivedType(typeof(PauseRollout), "pause")]
[JsonDerivedType(typeof(ResumeRollout), "resume")]
[JsonDerivedType(typeof(RebalanceInstances), "rebalance")]
[JsonDerivedType(typeof(ReleaseVolume), "release-volume")]
[JsonDerivedType(typeof(RestoreService), "restore")]
[JsonDerivedType(typeof(RunJob), "run")]
[JsonDerivedType(typeof(RunDue), "run-due")]
[JsonDerivedType(typeof(FollowStack), "follow-stack")]
public abstract record ServiceChange
{
    /// <summary>Who asks, for the history.</summary>
    public string Who { get; init; } = "";

    /// <summary>Why, in the asker's words, for the history; may be empty.</summary>
    public string Why { get; init; } = "";
}

public sealed record CreateService(ServiceSpec Spec) : ServiceChange;

/// <param name="Fields">A JSON merge patch (RFC 7396) of the spec: at every depth null takes away, and what is absent stays.</param>
public sealed record UpdateService(JsonObject Fields) : ServiceChange;

/// <summary>Ends all instances and forgets the service.</summary>
public sealed record WithdrawService : ServiceChange;

/// <param name="Revision">A kept revision; none means the one before.</param>
public sealed record RollBack(int? Revision = null) : ServiceChange;

/// <summary>Replaces all instances by new ones of the same spec, as an update would.</summary>
/// <param name="Pull">
/// Only when something has moved: what the image's tag means, or a secret or a config has a newer version. Otherwise nothing happens.
/// </param>
public sealed record RestartInstances(bool Pull = false) : ServiceChange;

/// <summary>A secret or a config has a new version: the service is rolled to it, once.</summary>
public sealed record TakeNewContent : ServiceChange;

/// <summary>Of a job, its schedule.</summary>
public sealed record PauseRollout : ServiceChange;

/// <inheritdoc cref="PauseRollout"/>
public sealed record ResumeRollout : ServiceChange;

/// <summary>Moves instances, one at a time and start-first, while the spread is worse than it could be.</summary>
public sealed record RebalanceInstances : ServiceChange;

/// <summary>What the volumes of a slot hold may be left behind on their worker.</summary>
/// <param name="Slot">None means all slots.</param>
public sealed record ReleaseVolume(int? Slot = null) : ServiceChange;

/// <summary>Begins a run of a job.</summary>
public sealed record RunJob : ServiceChange;

/// <summary>
/// The schedule of a job has come to a moment: what is due begins, or is left out and noted. Asked twice, it is done once.
/// </summary>
/// <param name="At">The moment that the schedule names.</param>
public sealed record RunDue(DateTimeOffset At) : ServiceChange;

/// <summary>Puts a service back as a backup has it.</summary>
/// <param name="Record">Its record, as it was stored.</param>
/// <param name="Replace">Whether a service of the name that differs is changed to what the backup says.</param>
public sealed record RestoreService(JsonElement Record, bool Replace) : ServiceChange;

/// <summary>
/// Makes the service what a deployment of its stack wants, whether it is there or not, once for each mark; after a later mark nothing.
/// </summary>
/// <param name="Mark">Which step of which deployment this is.</param>
/// <param name="Spec">What the service is to be; none when it is to be removed.</param>
/// <param name="IsRestart">The instances are replaced although nothing else changes.</param>
/// <param name="IsBack">It goes back to what was: to a kept revision with the bytes it ran, if there is one.</param>
public sealed record FollowStack(StackMark Mark, ServiceSpec? Spec, bool IsRestart = false, bool IsBack = false) : ServiceChange;
