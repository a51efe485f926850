using System.Text.Json.Serialization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What is stored of a stack, by compare-and-set: the wish, the deployment under way and how far it has come.</summary>
internal sealed record StackRecord
{
    public const int KeptDeployments = 10;
    public const int KeptGood = 3;
    private const int KeptChanges = 16;

    public required string Name { get; init; }

    /// <summary>What is wished for; after a deployment has gone back, what was before. None of a stack that never was.</summary>
    public StackSpec? Asked { get; init; }

    /// <summary>What was deployed and proved good, the newest last.</summary>
    public ValueList<GoodSpec> Good { get; init; } = [];

    /// <summary>The highest number ever given to a deployment.</summary>
    public required long LastDeployment { get; init; }

    /// <summary>The one under way, or the last one.</summary>
    public DeploymentRecord? Current { get; init; }

    /// <summary>Those before, oldest first, bounded.</summary>
    public ValueList<StackDeployment> Past { get; init; } = [];

    /// <summary>
    /// What has been touched since all was well last, and how it was before; a deployment that takes the place of another keeps it. Empty
    /// when all is well.
    /// </summary>
    public ValueMap<FormerService> Former { get; init; } = new([]);

    /// <summary>Services that are there, or may be, by their names within the stack.</summary>
    public ValueList<string> Members { get; init; } = [];

    /// <summary>All of it has been removed.</summary>
    public bool IsGone { get; init; }

    /// <summary>The ids of the last requests that were carried out, the newest last.</summary>
    public ValueList<string> Changes { get; init; } = [];

    [JsonIgnore]
    public bool IsBusy => Current is { } current && !current.Told.State.IsOver();

    public StackRecord After(string request) => this with { Changes = Changes.Append(request).TakeLast(KeptChanges).ToValueList() };
}

/// <summary>A spec that was deployed and proved good.</summary>
internal sealed record GoodSpec(long Deployment, StackSpec Spec);

/// <param name="Spec">What the service was; none when there was none.</param>
internal sealed record FormerService(ServiceSpec? Spec);

/// <summary>A deployment as it is carried out.</summary>
internal sealed record DeploymentRecord
{
    /// <summary>What is told of it, its waves and how far they have come among it.</summary>
    public required StackDeployment Told { get; init; }

    /// <summary>What all is to become.</summary>
    public required StackSpec Spec { get; init; }

    /// <summary>What was wished for when all was well last; none when there was nothing.</summary>
    public StackSpec? AskedBefore { get; init; }

    /// <summary>See <see cref="StackMark"/>.</summary>
    public int Round { get; init; }

    /// <summary>Another one was under way: every service is told, so that nothing of the other one comes late.</summary>
    public bool Supersedes { get; init; }

    /// <summary>Who wants it to go back, and why; none when nobody does.</summary>
    public string? Cancelled { get; init; }

    /// <summary>How the services that it touches were when it was planned.</summary>
    public ValueMap<FormerService> Before { get; init; } = new([]);

    [JsonIgnore]
    public bool IsGoingBack => Told.State == DeploymentState.RollingBack;

    /// <summary>The waves on the way that it goes now.</summary>
    [JsonIgnore]
    public ValueList<StackWave> Way => IsGoingBack ? Told.Back : Told.Waves;
}

internal static class DeploymentStates
{
    /// <summary>Nothing comes after it but by another request.</summary>
    public static bool IsOver(this DeploymentState state) => state is DeploymentState.Done or DeploymentState.RolledBack
        or DeploymentState.Cancelled or DeploymentState.Failed or DeploymentState.Superseded;

    /// <summary>Something is to be done.</summary>
    public static bool GoesOn(this DeploymentState state) =>
        state is DeploymentState.Waiting or DeploymentState.Running or DeploymentState.RollingBack;
}
