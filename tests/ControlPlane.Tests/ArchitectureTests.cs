using Orchestrator.ControlPlane.Settings;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests;

public sealed class ArchitectureTests
{
    private const string Root = "Orchestrator.ControlPlane";

    /// <summary>The lowest first: each may use those before it and none of its own line.</summary>
    private static readonly string[][] Layers =
    [
        ["Settings", "Alarms", "Records", "Schedules", "Telemetry"],
        ["Events"],
        ["Placement", "Members", "Content"],
        ["Reconciliation"],
        ["Wishes"],
        ["Answers"],
        ["Services"],
        ["Maintenance", "Stacks"],
        ["Dapr", "Description"],
        ["Workflows.Maintenance", "Workflows.Schedules", "Workflows.Stacks"],
        ["Backups", "Looking", "Workflows"],
        ["Api"],
        ["Door"],
        ["."],
    ];

    [Fact]
    public void Imports_run_one_way() =>
        Assert.Empty(Architecture.AgainstTheDirection(typeof(ControlPlaneOptions).Assembly, Root, Layers));

    [Fact]
    public void No_folders_use_each_other_in_a_circle() =>
        Assert.Empty(Architecture.Circles(Architecture.Uses(typeof(ControlPlaneOptions).Assembly, Root)));
}
