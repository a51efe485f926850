using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

public sealed class ArchitectureTests
{
    /// <summary>The lowest first: each may use those before it and none of its own line.</summary>
    private static readonly string[][] Layers =
    [
        ["Endings", "Suggestions"],
        ["Contexts", "Output"],
        ["Verbs", "Views"],
        ["Orders"],
        [
            "Commands", "Commands.Completion", "Commands.Content", "Commands.Contexts", "Commands.Looking", "Commands.Members",
            "Commands.Services", "Commands.Stacks",
        ],
        ["."],
    ];

    [Fact]
    public void Imports_run_one_way() => Assert.Empty(Architecture.AgainstTheDirection(typeof(Root).Assembly, "Orchestrator.Cli", Layers));

    [Fact]
    public void Only_the_client_speaks_to_a_master() => Assert.DoesNotContain(
        typeof(Root).Assembly.GetReferencedAssemblies(), it => it.Name is "System.Net.Http.Json" or "System.Net.WebSockets.Client");
}
