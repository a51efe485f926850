using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Contracts.Members;

/// <summary>A master or a worker as <c>GET /members</c> lists it.</summary>
public sealed record Member
{
    public required string Name { get; init; }
    public required MemberRole Role { get; init; }

    /// <summary>Of a master: where its REST API is. Of a worker: where published ports are.</summary>
    public required string Address { get; init; }

    public required WorkerHealth Status { get; init; }

    /// <summary>What a person should know: why it is suspect, that it drains, that its engine does not answer.</summary>
    public string? Note { get; init; }

    /// <summary>Time since its last renewal.</summary>
    public TimeSpan Silence { get; init; }

    /// <summary>Of a worker: differs between two processes of it, so also after a restart of its machine.</summary>
    public long? Incarnation { get; init; }

    public bool Draining { get; init; }
    public ValueMap Labels { get; init; } = ValueMap.Empty;
    public WorkerCapacity? Capacity { get; init; }
    public WorkerLoad? Load { get; init; }

    /// <summary>Of a worker: services of which it has instances.</summary>
    public ValueList<string> Services { get; init; } = [];
}

public enum MemberRole { Master, Worker }

/// <summary>All members, and whether the control plane dares to declare workers lost.</summary>
/// <param name="Brake">Why no worker is declared lost at present; none when the brake is off.</param>
public sealed record MemberList(ValueList<Member> Members, string? Brake);
