using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Looking;

/// <summary>All that is known of one instance: what was decided, what was asked for, what its worker and its engine see.</summary>
public sealed record InstanceDetails
{
    public required string Name { get; init; }
    public required string Service { get; init; }
    public required string Worker { get; init; }

    /// <summary>What was decided and reported; none of one that has ended and been replaced.</summary>
    public InstanceView? Instance { get; init; }

    /// <summary>How often its slot has been begun anew in this revision before it.</summary>
    public required int Restarts { get; init; }

    /// <summary>What was asked for: the container of its revision; none when that revision is no longer kept.</summary>
    public ContainerSpec? Asked { get; init; }

    /// <summary>What the engine says; none before there is a container, and while the worker does not answer.</summary>
    public ContainerDetails? Container { get; init; }

    /// <summary>True of one that has ended and is only kept for looking at it.</summary>
    public bool Kept { get; init; }

    /// <summary>Of an ended one: what caused its end, as far as its worker still knows.</summary>
    public EndCause? Cause { get; init; }

    /// <summary>Of one that has ended wrongly: the last lines that it wrote, at most 20, oldest first.</summary>
    public ValueList<LogLine> LastLines { get; init; } = [];

    /// <summary>Why something is missing here, in words.</summary>
    public string? Note { get; init; }
}

/// <summary>A container as its engine shows it. Variables are not told: secrets may be among them.</summary>
public sealed record ContainerDetails
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>By which it was made.</summary>
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>The engine's word: created, running, paused, restarting, removing, exited or dead.</summary>
    public required string State { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Of an ended one.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the engine itself says went wrong.</summary>
    public string? Error { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>Of a running one: its process on the machine.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What the engine's own check says: starting, healthy or unhealthy; none without a check.</summary>
    public string? Health { get; init; }

    /// <summary>The program with its arguments.</summary>
    public ValueList<string> Command { get; init; } = [];

    public string? User { get; init; }
    public string? WorkingDir { get; init; }

    /// <summary>Its address in each network.</summary>
    public ValueMap Networks { get; init; } = ValueMap.Empty;

    public ValueList<MountedVolume> Mounts { get; init; } = [];

    /// <summary>Of what the container writes.</summary>
    public string LogDriver { get; init; } = "";
}

/// <param name="Kind">volume, bind or tmpfs.</param>
/// <param name="Source">Name of the volume, or path on the machine.</param>
/// <param name="Target">Path in the container.</param>
public sealed record MountedVolume(string Kind, string Source, string Target, bool ReadOnly);

/// <summary>What a worker is asked about one instance.</summary>
public sealed record InstanceQuestion(string Service, string Instance);

/// <summary>What a worker sees of an instance.</summary>
/// <param name="Report">None of one that is only kept.</param>
public sealed record InstanceSeen(InstanceReport? Report, ContainerDetails? Container, bool Kept, ValueList<LogLine> LastLines);
