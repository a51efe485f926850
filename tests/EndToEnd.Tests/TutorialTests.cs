using System.Text.RegularExpressions;
using Orchestrator.EndToEnd.Cluster;
using Orchestrator.Testing;

namespace Orchestrator.EndToEnd;

/// <summary>
/// docs/tutorial.md, word for word: each block of commands in a shell, in a clone of the repository whose run file has ports of its own,
/// and each line that is shown must come, in this order; … stands for anything.
/// </summary>
public sealed partial class TutorialTests(ITestOutputHelper output) : IAsyncDisposable
{
    private readonly string clone = Directory.CreateTempSubdirectory("orchestrator-tutorial-").FullName;
    private readonly string cluster = $"e2e-{Guid.NewGuid():N}"[..12];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await Bash("./orchestrator down --purge --yes");
        await new Engine(cluster).RemoveAll();
        Folders.Remove(clone);
    }

    [Fact]
    public async Task A_newcomers_first_ten_minutes_go_as_they_are_written()
    {
        foreach (var part in new[] { "orchestrator", "scripts", "components" })
            await Shell.Run("cp", "-r", Path.Combine(RunningCluster.Repository, part), clone);
        Directory.CreateSymbolicLink(Path.Combine(clone, "artifacts"), Path.Combine(RunningCluster.Repository, "artifacts"));
        RunFile.Write(RunningCluster.Repository, clone, cluster);

        var blocks = Blocks(await File.ReadAllTextAsync(Path.Combine(RunningCluster.Repository, "docs", "tutorial.md"), Cancel)).ToList();
        Assert.True(blocks.Count > 10, $"only {blocks.Count} blocks");
        foreach (var (commands, shown) in blocks)
        {
            var (code, said) = await Bash(commands);
            output.WriteLine($"{string.Join('\n', commands.Split('\n').Select(it => $"$ {it}"))}\n{said}\n");
            Assert.True(code == 0, $"it ended with {code}: {commands}\n{said}");
            var lines = new Queue<string>(said.Split('\n').Select(it => it.TrimEnd()));
            foreach (var expected in shown)
            {
                while (lines.Count > 0 && !Fits(expected, lines.Peek())) lines.Dequeue();
                Assert.True(lines.TryDequeue(out _), $"'{expected}' is not said, or not in this order, by\n{commands}\nwhich says\n{said}");
            }
        }
    }

    /// <summary>Each block of commands, with the lines that are shown after it.</summary>
    private static IEnumerable<(string Commands, string[] Shown)> Blocks(string text)
    {
        var all = Block().Matches(text).Select(it => (Kind: it.Groups["kind"].Value, Text: it.Groups["text"].Value.TrimEnd('\n'))).ToList();
        return all.Index().Where(it => it.Item.Kind == "sh").Select(it => (
            it.Item.Text,
            it.Index + 1 < all.Count && all[it.Index + 1] is { Kind: "text" } shown ? shown.Text.Split('\n') : []));
    }

    private static bool Fits(string expected, string line) =>
        Regex.IsMatch(line, $"^{string.Join(".*", expected.Split('…').Select(it => Blanks().Replace(Regex.Escape(it), @"\s+")))}$");

    private async Task<(int Code, string Said)> Bash(string commands)
    {
        var shell = $"""
            cd '{clone}'
            export ORCHESTRATOR_ASSUME_READY=yes ORCHESTRATOR_CONFIG='{clone}/orc' NO_COLOR=1
            set -e
            exec 2>&1
            {commands}
            """;
        return await Shell.Try("bash", "-c", shell);
    }

    [GeneratedRegex(@"^```(?<kind>sh|text)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(\\ )+")]
    private static partial Regex Blanks();
}
