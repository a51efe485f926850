using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>How the worker finds out how an instance is, one way of four: <c>http</c>, <c>tcp</c>, <c>command</c> or <c>none</c>.</summary>
public sealed record HealthProbe
{
    /// <summary>Asks a web server in the container.</summary>
    public HttpProbe? Http { get; init; }

    /// <summary>Connects to a port of the container.</summary>
    public TcpProbe? Tcp { get; init; }

    /// <summary>Program and arguments run inside the container, without a shell; exit code 0 means healthy.</summary>
    [MaxLength(200)]
    public ValueList<string> Command { get; init; } = [];

    /// <summary>True switches off what the image says: an instance that runs is healthy.</summary>
    public bool None { get; init; }

    /// <summary>Pause between two probes, a little more or less so that they do not come all at once; 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A probe that takes longer counts as failed; 1 ms to 1 h.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many failures in a row make the instance unhealthy; 1 to 100.</summary>
    [Range(1, 100)]
    public int Retries { get; init; } = 3;

    /// <summary>Failures do not count for so long after the start, unless it has been healthy before; 0 s to 1 h.</summary>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>Pause between two probes in the start period, until the first that succeeds; 1 s to 1 h.</summary>
    public TimeSpan StartInterval { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>A request whose answer says how the instance is. Redirects are not followed, certificates not verified.</summary>
public sealed record HttpProbe
{
    /// <summary>Path and query, from <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Port inside the container, 1 to 65,535; none takes the first TCP port of the service.</summary>
    [Range(1, 65_535)]
    public int? Port { get; init; }

    public ProbeScheme Scheme { get; init; } = ProbeScheme.Http;

    /// <summary>Which answers are good: numbers and ranges from 100 to 599, such as <c>200-299,304</c>.</summary>
    public string Status { get; init; } = "200-399";

    /// <summary>Headers of the request, <c>Host</c> among them.</summary>
    [MaxLength(200)]
    public ValueMap Headers { get; init; } = ValueMap.Empty;
}

public enum ProbeScheme { Http, Https }

/// <summary>A connection that is opened and closed.</summary>
public sealed record TcpProbe
{
    /// <summary>Port inside the container, 1 to 65,535; none takes the first TCP port of the service.</summary>
    [Range(1, 65_535)]
    public int? Port { get; init; }
}
