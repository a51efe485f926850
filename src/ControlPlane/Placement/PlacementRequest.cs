using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>What every instance of one revision of a service asks of a worker.</summary>
internal sealed record PlacementRequest
{
    public required string Service { get; init; }
    public required string Image { get; init; }
    public ResourceAmount Reserve { get; init; } = new();

    /// <summary>Cores that an instance may use; 0 is no limit.</summary>
    public double MostCpu { get; init; }

    /// <summary>What it would have of the machine; none for what keeps to itself.</summary>
    public Reach? Reach { get; init; }

    public ValueList<PortMapping> Ports { get; init; } = [];
    public PlacementRules Rules { get; init; } = new();

    /// <summary>Those in force now.</summary>
    public ValueList<Exclusion> Exclusions { get; init; } = [];

    /// <summary>The fixed ones of them.</summary>
    public ValueList<HostPort> HostPorts { get; private init; } = [];

    /// <summary>A volume that one instance on a worker may have open; none when there is no such.</summary>
    public string? ExclusiveVolume { get; private init; }

    public static PlacementRequest Of(
        string service, ContainerSpec container, PlacementRules rules, ValueList<Exclusion> exclusions) => new()
    {
        Service = service,
        Image = container.Image,
        Reserve = container.Resources.Reserve,
        Reach = Reach.Of(container),
        MostCpu = container.Resources.Limit.Cpu,
        Ports = container.Ports,
        Rules = rules,
        Exclusions = exclusions,
        ExclusiveVolume = container.Volumes.FirstOrDefault(v => v.Exclusive)?.Source,
        HostPorts = container.Ports.Select(port => port.Fixed()).OfType<HostPort>().ToValueList(),
    };
}

/// <summary>The chosen worker with what decided; indexes are those of the <see cref="Fleet"/>, -1 is none.</summary>
/// <param name="Looked">How many workers with room were compared.</param>
internal readonly record struct Choice(
    int Worker, Score Score, int RunnerUp, Score NextScore, int Looked, string? Zone = null, int InZone = 0)
{
    public static Choice Nowhere { get; } = new(-1, default, -1, default, 0);

    public bool Found => Worker >= 0;
}
