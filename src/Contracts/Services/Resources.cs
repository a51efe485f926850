using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>What one instance needs and what it may take at most.</summary>
public sealed record Resources
{
    /// <summary>Kept free for each instance: a worker whose reservations would exceed its capacity is not chosen.</summary>
    public ResourceAmount Reserve { get; init; } = new();

    /// <summary>
    /// Enforced by the engine; none means no limit. At least 0.01 cores and 6 MiB, and on no worker with fewer cores.
    /// </summary>
    public ResourceAmount Limit { get; init; } = new();

    /// <summary>Processes and threads at most, 1 to 4,194,304; none means no limit.</summary>
    [Range(1, 4_194_304)]
    public int? Pids { get; init; }

    /// <summary>
    /// Memory and swap together at most, not less than the limit of memory; the same means no swap, none twice that limit.
    /// </summary>
    public ByteSize? MemorySwap { get; init; }

    /// <summary>Who is ended first when the machine runs out of memory: -1,000 (last) to 1,000; none means 0.</summary>
    [Range(-1000, 1000)]
    public int? OomScoreAdj { get; init; }

    /// <summary>Share of the disks' time beside other containers, 10 to 1,000; none takes the engine's.</summary>
    [Range(10, 1000)]
    public int? BlkioWeight { get; init; }
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
