using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Workers;

/// <summary>A worker as placement sees it: its last report, the age of its lease and the operator's wish for it.</summary>
public sealed record Worker
{
    /// <summary>The worker's app id, unique in the cluster.</summary>
    public required string Name { get; init; }

    public string Address { get; init; } = "";

    public ValueMap Labels { get; init; } = ValueMap.Empty;

    public WorkerHealth Health { get; init; }

    /// <summary>An operator's wish: nothing new here, move what is here.</summary>
    public bool Draining { get; init; }

    public WorkerCapacity Capacity { get; init; } = new();

    public WorkerLoad Load { get; init; } = new();

    /// <summary>What it allows that reaches beyond a container; none when that is not known, and then it is asked.</summary>
    public WorkerPolicy? Policy { get; init; }

    /// <summary>Fixed host ports in use by instances.</summary>
    public ValueList<HostPort> HostPorts { get; init; } = [];

    /// <summary>Images present, by reference; bounded, so absence proves nothing.</summary>
    public ValueList<string> Images { get; init; } = [];

    /// <summary>
    /// Which list of images it has told last, by the sequence of that report; the list itself is asked for when it is another one than is
    /// known. None where it has told none.
    /// </summary>
    public long? ImagesAt { get; init; }

    /// <summary>
    /// Of the services that were asked for, those of which it has instances, or may have because it has not been heard yet.
    /// </summary>
    public ValueList<string> Holds { get; init; } = [];

    /// <summary>The sequence of its newest report; 0 before the first.</summary>
    public long Heard { get; init; }

    /// <summary>Age of the report when the registry answered; none before the first report.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>
    /// When the report reached the registry, by the clock of whoever asked; observations after it are not in the figures.
    /// </summary>
    public DateTimeOffset ReportedAt { get; init; }

    /// <summary>Why nothing new may go there, in words; none when it is ready.</summary>
    public string? Note { get; init; }

    /// <summary>The worker as it will be with an instance more than it has reported.</summary>
    public Worker Expecting(ResourceAmount reserve, params ReadOnlySpan<HostPort> hostPorts) => this with
    {
        Load = Load with { Instances = Load.Instances + 1, Reserved = Load.Reserved + reserve },
        HostPorts = hostPorts.Length == 0 ? HostPorts : [.. HostPorts, .. hostPorts],
    };
}

/// <summary>The images that are present on a worker.</summary>
/// <param name="At">See <see cref="Workers.Worker.ImagesAt"/>.</param>
public sealed record WorkerImages(string Worker, long At, ValueList<string> Images);

/// <summary>Derived from the age of the lease.</summary>
public enum WorkerHealth
{
    Ready,

    /// <summary>Silent for longer than a beat or two: nothing new goes there.</summary>
    Suspect,

    /// <summary>The lease ran out: instances are replaced elsewhere.</summary>
    Lost,
}

/// <param name="Cpu">Cores that instances may reserve.</param>
/// <param name="Memory">Memory that instances may reserve, in bytes.</param>
/// <param name="Cores">Cores of the machine, above which no engine takes a limit; none when the worker has not told.</param>
public sealed record WorkerCapacity(double Cpu = 0, ByteSize Memory = default, double? Cores = null);

/// <summary>Live load of a worker.</summary>
public sealed record WorkerLoad
{
    /// <summary>Part of all cores in use on the machine, 0 to 1.</summary>
    public double Cpu { get; init; }

    /// <summary>Part of the machine's memory in use, 0 to 1.</summary>
    public double Memory { get; init; }

    /// <summary>Live instances of all services.</summary>
    public int Instances { get; init; }

    /// <summary>Sum of the reservations of its live instances.</summary>
    public ResourceAmount Reserved { get; init; } = new();
}
