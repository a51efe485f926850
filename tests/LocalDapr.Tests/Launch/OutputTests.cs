using LocalDapr.Launch;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Testing;
using Spectre.Console;

namespace Orchestrator.LocalDapr_Tests.Launch;

public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Lines_are_split_wherever_they_were_cut_on_the_way()
    {
        var lines = new List<string>();

        await OutputLines.ReadAsync(new StringReader("one\r\n\ntwo\nlast"), lines.Add);

        Assert.Equal(["one", "", "two", "last"], lines);
    }

    [Fact]
    public async Task A_line_that_never_ends_is_cut()
    {
        var lines = new List<string>();

        await OutputLines.ReadAsync(new StringReader(new string('x', (2 * OutputLines.LongestLine) + 5) + "\nnext"), lines.Add);

        Assert.Equal(
            [OutputLines.LongestLine, OutputLines.LongestLine, 5, 4], lines.Select(line => line.Length));
    }

    [Fact]
    public void What_an_app_wrote_while_all_started_explains_its_trouble_also_when_that_comes_a_moment_later()
    {
        var shown = new StringWriter();
        using var output = new ConsoleOutput(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shown) }), folder.FullPath, ["one", "two"]);
        output.Line("one", "cannot open the book");
        output.Line("two", "reading");
        output.Ready("all well");
        output.Line("two", "turning the page");
        output.Trouble("one", "ended");
        output.Trouble("two", "ended");

        Assert.Equal(
            ["all well", "two       | turning the page", "one       | cannot open the book", "one: ended", "two: ended"],
            shown.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_log_takes_bounded_room_and_its_newest_lines_are_shown()
    {
        using var log = new LogFile(LogFile.PathOf(folder.FullPath, "web"), rotateAt: 1000);
        for (var i = 0; i < 1000; i++) log.Write($"line {i}");

        Assert.InRange(Directory.EnumerateFiles(folder.Path("logs")).Sum(file => new FileInfo(file).Length), 1, 2_100);
        Assert.Equal(["web"], LogFile.NamesIn(folder.FullPath));
        var shown = new StringWriter();
        await new LogReader(LogFile.PathOf(folder.FullPath, "web"), TimeProvider.System)
            .ShowAsync(lines: 3, follow: false, shown, TestContext.Current.CancellationToken);
        Assert.Equal("line 997\nline 998\nline 999\n", shown.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_followed_log_loses_nothing_when_it_is_rotated()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var log = new LogFile(LogFile.PathOf(folder.FullPath, "web"), rotateAt: 1000);
        log.Write("line 0");
        var clock = new FakeTimeProvider();
        var shown = new StringWriter();
        var following = new LogReader(LogFile.PathOf(folder.FullPath, "web"), clock)
            .ShowAsync(lines: 10, follow: true, TextWriter.Synchronized(shown), stop.Token);

        await Eventually.Become(
            () => shown.ToString(), text =>
                text.Length > 0, TimeSpan.FromSeconds(20), "the first line", TestContext.Current.CancellationToken);
        // 60 lines are half a file: at most one rotation between two looks.
        for (var i = 1; i <= 600; i++)
        {
            log.Write($"line {i}");
            if (i % 60 != 0) continue;
            var last = $"line {i}\n";
            await Eventually.Become(
                () =>
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    return shown.ToString().ReplaceLineEndings("\n");
                },
                text => text.EndsWith(last, StringComparison.Ordinal), TimeSpan.FromSeconds(20), last,
                    TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Equal(
            Enumerable.Range(0, 601).Select(i => $"line {i}"), shown.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n'));
    }
}
