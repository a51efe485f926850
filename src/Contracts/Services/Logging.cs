using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>Where the engine keeps what a container writes.</summary>
public sealed record Logging
{
    /// <summary>A log driver of the engine, such as <c>json-file</c>, <c>local</c>, <c>journald</c> or <c>none</c>.</summary>
    public string Driver { get; init; } = "json-file";

    /// <summary>
    /// Options of the driver. <c>json-file</c> and <c>local</c> keep <c>{"max-size":"10m","max-file":"3"}</c> unless told otherwise: a
    /// chatty container must not fill the disk of its worker.
    /// </summary>
    [MaxLength(200)]
    public ValueMap Options { get; init; } = ValueMap.Empty;
}
