using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>Where a service can be reached now.</summary>
/// <param name="Observed">False for a moment after another master has taken over: then there may be more.</param>
/// <param name="Endpoints">Each published port of each instance that runs, is healthy and in rotation; by instance and port.</param>
public sealed record ServiceEndpoints(string Service, bool Observed, ValueList<ServiceEndpoint> Endpoints);

/// <summary>A published port of an instance that takes requests.</summary>
public sealed record ServiceEndpoint
{
    /// <summary>Address of its worker.</summary>
    public required string Address { get; init; }

    /// <summary>Port at that address.</summary>
    public required int Port { get; init; }

    /// <summary>Port inside the container.</summary>
    public required int Container { get; init; }

    public required PortProtocol Protocol { get; init; }

    /// <summary>What the spec calls the port; none where it has no name.</summary>
    public string? Name { get; init; }

    public required string Instance { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public required string Worker { get; init; }
}
