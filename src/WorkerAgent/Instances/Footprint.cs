using System.Globalization;
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
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How its health is asked for here; none where the engine does it, or nobody.</summary>
    public HealthProbe? Health { get; init; }

    /// <summary>How its readiness is asked for.</summary>
    public HealthProbe? Readiness { get; init; }

    /// <summary>What its ports are for, by <c>80/tcp</c>.</summary>
    public ValueMap PortNames { get; init; } = ValueMap.Empty;

    public static Footprint Of(ContainerSpec spec) => new()
    {
        Reserve = spec.Resources.Reserve,
        HostPorts = spec.Ports.Where(p => p.Host is not null).Select(p => new HostPort(p.Host!.Value, p.Protocol)).ToValueList(),
        OnLeaseLost = spec.OnLeaseLost,
        StopGrace = spec.StopGrace,
        Health = spec.Health is { Http: not null } or { Tcp: not null } ? WithPort(spec.Health, spec.Ports) : null,
        Readiness = spec.Readiness is { } readiness ? WithPort(readiness, spec.Ports) : null,
        PortNames = new(spec.Ports.Where(p => p.Name is not null)
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

/// <summary>A fixed port of the host: <c>8080/tcp</c>.</summary>
internal sealed record HostPort(int Port, PortProtocol Protocol)
{
    public static HostPort? Parse(string text) =>
        text.Split('/') is [var port, var protocol] && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(number, protocol == "udp" ? PortProtocol.Udp : PortProtocol.Tcp)
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Port}/{(Protocol == PortProtocol.Udp ? "udp" : "tcp")}");
}
