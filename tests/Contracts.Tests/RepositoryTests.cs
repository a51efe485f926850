using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts.Tests;

/// <summary>What the compiler does not see to: how long lines are, and what stands behind the words both sides share.</summary>
public sealed partial class RepositoryTests
{
    /// <summary>As .editorconfig says.</summary>
    private const int LongestLine = 140;

    [Fact]
    public void No_line_is_longer_than_the_editor_is_told()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
        var sources = new[] { "src", "tests", "bench", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)).ToList();
        Assert.NotEmpty(sources);
        Assert.Equal("", string.Join("\n", sources.SelectMany(file => File.ReadLines(file).Index()
            .Where(line => line.Item.Length > LongestLine && !IsOneText().IsMatch(line.Item))
            .Select(line => $"{Path.GetRelativePath(root, file)}:{line.Index + 1} has {line.Item.Length} characters"))));
    }

    [Fact]
    public void Whoever_reads_values_does_not_get_asp_net_grpc_or_dapr_with_them()
    {
        var names = typeof(DaprNames).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();
        Assert.DoesNotContain(names, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.StartsWith("Grpc", StringComparison.Ordinal) || name.StartsWith("Dapr", StringComparison.Ordinal));
    }

    /// <summary>A text of its own: to cut it in two would not help whoever reads it.</summary>
    [GeneratedRegex("""^\s*(\$*"|[{<]|echo ')|^.{0,110}"[^"]{60,}""")]
    private static partial Regex IsOneText();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
