using LocalDapr.Launch;

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
}
