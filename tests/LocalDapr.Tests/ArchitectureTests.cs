using Orchestrator.Testing;

namespace LocalDapr.Tests;

public sealed class ArchitectureTests
{
    /// <summary>The lowest first. A folder uses those of lower layers alone, and none of its own.</summary>
    private static readonly string[][] Layers =
    [
        ["Scheduling", "Wire", "Components"],
        ["Faults", "Apps", "Health", "Secrets", "Resiliency"],
        ["State"],
        ["Actors", "PubSub", "Invocation", "Locks", "Configuration"],
        ["Metadata"],
        ["Api"],
        ["Grpc"],
        ["Server"],
        ["."],
        ["Launch"],
    ];

    [Fact]
    public void Imports_run_one_way()
    {
        var localDapr = typeof(LocalDaprHost).Assembly;
        Assert.Empty(Architecture.AgainstTheDirection(localDapr, "LocalDapr", Layers));
        Assert.Empty(Architecture.Circles(Architecture.Uses(localDapr, "LocalDapr")));
    }
}
