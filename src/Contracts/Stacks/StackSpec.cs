using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Stacks;

/// <summary>
/// What a user wishes for an application of several services; immutable, compared by value. It is always told whole: a service that is not
/// named any more is removed.
/// </summary>
public sealed record StackSpec
{
    public const int MostServices = 100;

    /// <summary>The services, 1 to 100, by their names within the stack; in the cluster each is called <c>stack-name</c>.</summary>
    [MinLength(1), MaxLength(MostServices)]
    public ValueMap<StackService> Services { get; init; } = new([]);

    /// <summary>
    /// What becomes of a deployment of which a service fails: all goes back to what it was, it stops where it is until somebody decides, or
    /// the others go on.
    /// </summary>
    public FailureAction OnFailure { get; init; } = FailureAction.Rollback;

    /// <summary>A service that has not become what is waited for within so long has failed; 1 s to 24 h.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>One service of a stack: a wish like any other, and what must be there before it.</summary>
public sealed record StackService
{
    /// <summary>
    /// The service itself. In JSON its fields stand among the others: <c>{"image":"web:2","dependsOn":{"db":"healthy"}}</c>.
    /// </summary>
    public ServiceSpec Spec { get; init; } = new();

    /// <summary>
    /// The services of the stack on which this one depends, and what each must have become before this one is touched. A list of names
    /// alone means <c>healthy</c>.
    /// </summary>
    [MaxLength(StackSpec.MostServices)]
    [JsonConverter(typeof(DependenciesConverter))]
    public ValueMap<StackCondition> DependsOn { get; init; } = new([]);
}

/// <summary>What a service must have become before those that depend on it are touched.</summary>
public enum StackCondition
{
    /// <summary>Its containers run, healthy or not.</summary>
    Started,

    /// <summary>As many instances as wanted run the new revision and are healthy; without a probe, they have run for a while.</summary>
    Healthy,

    /// <summary>It has come to its end, and well: for what runs to an end.</summary>
    Completed,
}
