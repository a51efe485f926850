using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Looking;

/// <summary>What an instance uses.</summary>
public sealed record InstanceStats
{
    public required string Instance { get; init; }
    public required string Worker { get; init; }

    /// <summary>By its worker's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Cores in use since the sample before, 0.5 is half of one.</summary>
    public required double Cpu { get; init; }

    /// <summary>Bytes in use, without what the machine keeps of files and could let go of.</summary>
    public required long Memory { get; init; }

    /// <summary>Bytes that it may use; what the machine has where there is no limit.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Bytes since its start; 0 in the network of the host.</summary>
    public required long NetworkReceived { get; init; }

    /// <inheritdoc cref="NetworkReceived"/>
    public required long NetworkSent { get; init; }

    /// <summary>Bytes since its start, from disks.</summary>
    public required long BlockRead { get; init; }

    /// <summary>Bytes since its start, to disks.</summary>
    public required long BlockWritten { get; init; }

    /// <summary>Processes and threads.</summary>
    public required int Processes { get; init; }
}

/// <summary>What the running instances of a service use.</summary>
/// <param name="Cpu">Cores, of all together.</param>
/// <param name="Memory">Bytes, of all together.</param>
/// <param name="Missing">Workers whose instances are missing here, each with the reason.</param>
public sealed record ServiceStats(string Name, double Cpu, long Memory, ValueList<InstanceStats> Instances, ValueList<string> Missing);

/// <summary>What a worker is asked about what instances use.</summary>
public sealed record StatsQuestion
{
    public required string Service { get; init; }
    public string? Instance { get; init; }

    /// <summary>False: once. True: again and again, until nobody listens or the answer has become long.</summary>
    public bool Follow { get; init; }

    /// <summary>Time between two samples.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The processes of an instance, as <c>ps</c> on its machine shows them.</summary>
public sealed record ProcessTable(ValueList<string> Titles, ValueList<ValueList<string>> Processes);
