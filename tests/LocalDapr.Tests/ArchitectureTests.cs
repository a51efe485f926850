using Orchestrator.Testing;

namespace LocalDapr.Tests;

/// <summary>Nothing of LocalDapr knows what is put together from it.</summary>
public sealed class ArchitectureTests
{
    /// <summary>The lowest first. A folder uses those of lower layers alone, and none of its own.</summary>
    private static readonly string[][] Layers =
    [
        ["Wire", "Scheduling", "Components"],
        ["Faults", "Apps", "Health", "Secrets", "Resiliency"],
        ["State", "PubSub", "Invocation"],
        ["Actors", "Locks", "Configuration", "Workflows"],
        ["Metadata"],
        ["Api"],
        ["Grpc"],
        ["Server"],
        ["."],
        ["Launch"],
    ];

    [Fact]
    public void Imports_run_one_way() =>
        Assert.Empty(Architecture.AgainstTheDirection(typeof(LocalDaprHost).Assembly, "LocalDapr", Layers));
}
