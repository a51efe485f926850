using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Tests.Docker;

public sealed class LastLinesTests
{
    [Fact]
    public void The_lines_of_both_streams_are_told_in_their_order_and_the_last_complaint_alone()
    {
        var words = LastLines.Of(
            "2026-01-01T12:00:00.1Z one\n2026-01-01T12:00:00.3Z three\n2026-01-01T12:00:00.5Z five\n",
            "2026-01-01T12:00:00.2Z two\n2026-01-01T12:00:00.4Z four\n\n2026-01-01T12:00:00.6Z  \n");
        Assert.Equal("four", words.Line);
        Assert.Equal(["one", "two", "three", "four", "five"], words.Lines);
    }

    [Fact]
    public void Only_the_last_five_are_told_and_none_is_long()
    {
        var output = string.Join('\n', Enumerable.Range(1, 9).Select(it => $"2026-01-01T12:00:0{it}Z {new string((char)('a' + it), 400)}"));
        var words = LastLines.Of(output, "");
        Assert.Equal(5, words.Lines.Count);
        Assert.All(words.Lines, line => Assert.Equal(301, line.Length));
        Assert.StartsWith("j", words.Line!, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_wrote_nothing_said_nothing()
    {
        var words = LastLines.Of("", "");
        Assert.Equal((null, 0), (words.Line, words.Lines.Count));
    }
}
