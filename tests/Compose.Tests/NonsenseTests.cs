using System.Text.RegularExpressions;

namespace Orchestrator.Compose.Tests;

/// <summary>In each kept file each field in turn holds what it cannot hold: there is an answer, and never an exception.</summary>
public sealed partial class NonsenseTests
{
    private static readonly string[] Nonsense = ["", "nonsense", "-5", "[[x]]", "[{x: y}]", "{x: {y: z}}", "!reset null"];

    [Theory, MemberData(nameof(GoldenTests.Folders), MemberType = typeof(GoldenTests))]
    public void Every_nonsense_has_an_answer(string name)
    {
        var folder = GoldenTests.FolderOf(name);
        var tried = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllLines(file);
            foreach (var (at, line) in lines.Index())
            {
                var field = Field().Match(line);
                if (!field.Success) continue;
                foreach (var value in Nonsense)
                {
                    var rest = lines[(at + 1)..].SkipWhile(it => IsDeeper(it, line));
                    var text = string.Join("\n", [.. lines[..at], $"{field.Value} {value}", .. rest]);
                    var composed = GoldenTests.Translate(name, Path.GetRelativePath(folder, file), text);
                    Assert.True(composed.Stack is not null || composed.Problems.Count > 0, text);
                    Assert.All(composed.Problems, it => Assert.NotEqual("", it.Reason));
                    tried++;
                }
            }
        }

        Assert.NotEqual(0, tried);
    }

    private static bool IsDeeper(string line, string than) => line.Trim().Length == 0 || Blanks(line) > Blanks(than);

    private static int Blanks(string line) => line.TakeWhile(it => it == ' ').Count();

    [GeneratedRegex(@"^ *(- )?[A-Za-z_.-]+:")]
    private static partial Regex Field();
}
