using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Dashboard.Instances;

/// <summary>An instance as the picture of the cluster shows it.</summary>
public sealed record Tile
{
    public required string Instance { get; init; }
    public required string Service { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public required string Worker { get; init; }
    public required Phase Phase { get; init; }
    public InstanceHealth Health { get; init; }
    public InstanceHealth? Readiness { get; init; }

    /// <summary>What goes on or went wrong; none when there is nothing to say.</summary>
    public string? Message { get; init; }

    public Tone Tone => Tones.Of(Phase, Health, Readiness);

    /// <summary>All of it, for who cannot see colours.</summary>
    public string Words => $"{Instance} on {Worker}: {Tone.Words()}{(string.IsNullOrEmpty(Message) ? "" : $", {Message}")}";

    public static Tile Of(string service, InstanceView it) => new()
    {
        Instance = it.Name, Service = service, Slot = it.Slot, Revision = it.Revision, Worker = it.Worker,
        Phase = it.Phase, Health = it.Health, Readiness = it.Readiness, Message = it.Message,
    };
}
