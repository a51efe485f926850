using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Tests;

public sealed class ArchitectureTests
{
    private const string Root = "Orchestrator.WorkerAgent";

    /// <summary>The lowest first: each may use those before it and none of its own line.</summary>
    private static readonly string[][] Layers =
    [
        ["Settings", "Storage", "Telemetry"],
        ["Machine"],
        ["Docker"],
        ["Content"],
        ["Guard"],
        ["Instances"],
        ["Discovery", "Health", "Logs", "Reports"],
        ["Housekeeping"],
        ["Exec", "Lease", "Looking"],
        ["Orders"],
        ["Api"],
        ["."],
    ];

    [Fact]
    public void Imports_run_one_way() =>
        Assert.Empty(Architecture.AgainstTheDirection(typeof(WorkerAgentOptions).Assembly, Root, Layers));

    [Fact]
    public void No_folders_use_each_other_in_a_circle() =>
        Assert.Empty(Architecture.Circles(Architecture.Uses(typeof(WorkerAgentOptions).Assembly, Root)));
}
