using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Workers;

/// <summary>A volume with a name, as its worker knows it.</summary>
/// <param name="Size">What is in it; none where the engine does not say.</param>
/// <param name="Containers">Names of the containers that have it, ended ones too.</param>
public sealed record WorkerVolume(string Name, string Driver, DateTimeOffset? CreatedAt, ByteSize? Size, ValueList<string> Containers);

/// <param name="Problem">Why they cannot be told; none when they are.</param>
public sealed record WorkerVolumes(ValueList<WorkerVolume> Volumes, string? Problem = null);

/// <summary>A person wants a volume to go, with all that is in it.</summary>
public sealed record VolumeRemoval(string Name);

/// <param name="Problem">Why it is still there; none when it is not.</param>
public sealed record VolumeRemoved(string? Problem);

/// <summary>A slot of a service has a volume on a worker, or had it and would take it again.</summary>
public sealed record HeldVolume(string Name, string Worker, int Slot);

/// <summary>A volume with a name on one worker.</summary>
public sealed record VolumeView
{
    public required string Name { get; init; }
    public required string Worker { get; init; }

    /// <summary>What makes it; <c>local</c> is the engine's own.</summary>
    public required string Driver { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What is in it; none where the engine does not say.</summary>
    public ByteSize? Size { get; init; }

    /// <summary>The services that have it, each with its slots; empty where none has.</summary>
    public ValueList<VolumeHolder> Holders { get; init; } = [];

    /// <summary>Whether a container has it, be it an ended one.</summary>
    public required bool InUse { get; init; }

    /// <summary>Names of those containers.</summary>
    public ValueList<string> Containers { get; init; } = [];
}

/// <param name="Slots">Those that have it, or would take it again.</param>
public sealed record VolumeHolder(string Service, ValueList<int> Slots);

/// <summary>Volumes by name and worker.</summary>
/// <param name="Unheard">Workers that did not tell, each with the reason; of theirs nothing is known now.</param>
public sealed record VolumeList(ValueList<VolumeView> Volumes, ValueList<string> Unheard);
