using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>What one instance needs and what it may take at most.</summary>
public sealed record Resources
{
    /// <summary>Kept free for each instance: a worker whose reservations would exceed its capacity is not chosen.</summary>
    public ResourceAmount Reserve { get; init; } = new();

    /// <summary>Enforced by the engine; none means no limit.</summary>
    public ResourceAmount Limit { get; init; } = new();
}

/// <param name="Cpu">Cores, e.g. 0.5; zero or more.</param>
/// <param name="Memory">Bytes, in JSON also as <c>"64Mi"</c>.</param>
public sealed record ResourceAmount([property: Range(0, 4096)] double Cpu = 0, ByteSize Memory = default)
{
    public static ResourceAmount operator +(ResourceAmount left, ResourceAmount right) =>
        new(left.Cpu + right.Cpu, left.Memory + right.Memory);

    /// <summary>What this amount needs more than the other one, each for itself; nothing where it needs less.</summary>
    public ResourceAmount Beyond(ResourceAmount other) =>
        new(Math.Max(0, Cpu - other.Cpu), new ByteSize(Math.Max(0, Memory.Bytes - other.Memory.Bytes)));
}
