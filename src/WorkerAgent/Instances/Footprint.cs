using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>What must be known of an instance as long as it lives, also after the agent has restarted and the order is gone.</summary>
internal sealed record Footprint
{
    public ResourceAmount Reserve { get; init; } = new();
    public ValueList<HostPort> HostPorts { get; init; } = [];
    public LeaseLoss OnLeaseLost { get; init; }

    /// <summary>The sources of its volumes, those that it wants for itself alone with an exclamation mark before them.</summary>
    public ValueList<string> Volumes { get; init; } = [];

    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How its health is asked for here; none where the engine does it, or nobody.</summary>
    public HealthProbe? Health { get; init; }

    /// <summary>How its readiness is asked for.</summary>
    public HealthProbe? Readiness { get; init; }

    /// <summary>What its ports are for, by <c>80/tcp</c>.</summary>
    public ValueMap PortNames { get; init; } = ValueMap.Empty;

    /// <summary>A volume that one of the two wants for itself alone and the other has as well; none when there is no such.</summary>
    public string? ExclusiveWith(Footprint other) =>
        Volumes.FirstOrDefault(v => v is ['!', .. var alone] ? other.Volumes.Any(o => o.TrimStart('!') == alone)
            : other.Volumes.Contains($"!{v}"))?.TrimStart('!');

    public static Footprint Of(ContainerSpec spec) => new()
    {
        Reserve = spec.Resources.Reserve,
        HostPorts = spec.Ports.Select(p => p.Fixed()).OfType<HostPort>().ToValueList(),
        Volumes = spec.Volumes.Where(v => v.Source.Length > 0).Select(v => v.Exclusive ? $"!{v.Source}" : v.Source).ToValueList(),
        OnLeaseLost = spec.OnLeaseLost,
        StopGrace = spec.StopGrace,
        Health = spec.Health is { Http: not null } or { Tcp: not null } ? WithPort(spec.Health, spec.Ports) : null,
        Readiness = spec.Readiness is { } readiness ? WithPort(readiness, spec.Ports) : null,
        PortNames = new(spec.Ports.Where(p => p.Name is not null).DistinctBy(p => (p.Container, p.Protocol))
            .Select(p => KeyValuePair.Create(new HostPort(p.Container, p.Protocol).ToString(), p.Name!))),
    };

    /// <summary>Who says no port means the first one.</summary>
    private static HealthProbe WithPort(HealthProbe probe, ValueList<PortMapping> ports)
    {
        var first = ports.FirstOrDefault(p => p.Protocol == PortProtocol.Tcp)?.Container;
        return probe with
        {
            Http = probe.Http is { } http ? http with { Port = http.Port ?? first } : null,
            Tcp = probe.Tcp is { } tcp ? tcp with { Port = tcp.Port ?? first } : null,
        };
    }
}
