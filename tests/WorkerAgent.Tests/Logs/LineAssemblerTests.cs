using System.Text;
using Orchestrator.Contracts.Logs;
using Orchestrator.WorkerAgent.Logs;

namespace Orchestrator.WorkerAgent.Tests.Logs;

/// <summary>Lines of pieces as engines tell them.</summary>
public sealed class LineAssemblerTests
{
    private const string At = "2026-01-01T12:00:00.000000001Z";

    private readonly LineAssembler lines = new(LogStream.Stdout);

    [Fact]
    public void A_line_is_a_time_and_a_text()
    {
        Assert.Equal(new Written(LogStream.Stdout, At, "hello"), Take($"{At} hello\n"));
        Assert.Equal(new Written(LogStream.Stdout, At, ""), Take($"{At} \n"));
        Assert.Equal(new Written(LogStream.Stdout, At, "of a terminal"), Take($"{At} of a terminal\r\n"));
    }

    [Fact]
    public void A_long_line_is_one_although_its_pieces_carry_a_time_each()
    {
        Assert.Null(Take($"{At} {new string('x', 16384)}"));
        Assert.Null(Take($"{At} {new string('y', 16384)}"));
        var line = Take($"{At} z\n")!.Value;
        Assert.Equal((At, 32769, "xyz"), (line.Time, line.Text.Length, $"{line.Text[0]}{line.Text[20000]}{line.Text[^1]}"));
    }

    [Fact]
    public void One_that_is_longer_than_anybody_wants_to_hold_is_told_in_several()
    {
        var told = Enumerable.Range(0, 10).Select(_ => Take($"{At} {new string('x', 16384)}")).OfType<Written>().ToList();
        told.Add(Take($"{At} end\n")!.Value);
        Assert.Equal([(65536, true), (65536, true), (32771, false)], told.Select(it => (it.Text.Length, it.Continued)));
        Assert.All(told, it => Assert.Equal(At, it.Time));
    }

    [Fact]
    public void What_ends_without_an_end_is_told_at_the_end()
    {
        Assert.Null(Take($"{At} no end"));
        Assert.Equal("no end", lines.Rest()?.Text);
        Assert.Null(lines.Rest());
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced()
    {
        byte[] piece = [.. Encoding.UTF8.GetBytes($"{At} a"), 0xff, (byte)'\n'];
        Assert.Equal("a\ufffd", lines.Take(piece)?.Text);
    }

    [Theory]
    [InlineData("2026-01-01T12:00:00Z", "2026-01-01T12:00:00.000000000Z")]
    [InlineData("2026-01-01T12:00:00.1234567891Z", null)]
    [InlineData("2026-01-01t13:00:00.5+01:00", "2026-01-01T12:00:00.500000000Z")]
    [InlineData("2026-01-01T12:00:00.123456789Z", "2026-01-01T12:00:00.123456789Z")]
    [InlineData("2026-13-01T12:00:00Z", null)]
    [InlineData("yesterday", null)]
    [InlineData("1026-01-01T12:00:00Z", null)]
    public void Times_keep_their_nanoseconds(string text, string? time)
    {
        Assert.Equal(time, LogTimes.Parse(text));
        if (time is not null) Assert.Equal(time[20..29], LogTimes.ForEngine(time).Split('.')[1]);
    }

    private Written? Take(string piece) => lines.Take(Encoding.UTF8.GetBytes(piece));
}
