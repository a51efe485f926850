using Orchestrator.Testing;

namespace Orchestrator.Compose.Tests;

public sealed class ArchitectureTests
{
    private const string Root = "Orchestrator.Compose";

    /// <summary>The lowest first: each may use those before it and none of its own line.</summary>
    private static readonly string[][] Layers =
    [
        ["Questions", "Answers", "Files"],
        ["Nodes"],
        ["Variables", "Merging"],
        ["Forms"],
        ["Loading"],
        ["Translation"],
        ["."],
    ];

    [Fact]
    public void Imports_run_one_way() => Assert.Empty(Architecture.AgainstTheDirection(typeof(ComposeFiles).Assembly, Root, Layers));
}
