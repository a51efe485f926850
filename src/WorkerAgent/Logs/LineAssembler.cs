using System.Buffers;
using System.Text;
using Orchestrator.Contracts.Logs;

namespace Orchestrator.WorkerAgent.Logs;

/// <summary>
/// Makes lines of what an engine tells piece by piece. A long line it keeps in pieces of 16 KiB, each with a time before it that belongs to
/// the first one only.
/// </summary>
internal sealed class LineAssembler(LogStream stream)
{
    /// <summary>In bytes; a longer line is told in several.</summary>
    public const int Longest = 64 << 10;

    /// <summary>A time and the blank behind it.</summary>
    private const int TimeLength = 31;

    /// <summary>Of a piece of a long line, with its time.</summary>
    public const int PieceLength = TimeLength + (16 << 10);

    private readonly ArrayBufferWriter<byte> text = new();
    private string time = "";

    /// <summary>Takes the next piece; answers a line when one is whole, or has become long.</summary>
    public Written? Take(ReadOnlySpan<byte> piece)
    {
        var begins = text.WrittenCount == 0 && time.Length == 0;
        if (TimeOf(piece) is { } at)
        {
            if (begins) time = at;
            piece = piece[TimeLength..];
        }
        else if (begins)
        {
            return null;
        }

        var isWhole = piece is [.., (byte)'\n'];
        text.Write(isWhole ? piece[..^1] : piece);
        return isWhole ? Line(continued: false) : text.WrittenCount >= Longest ? Line(continued: true) : null;
    }

    /// <summary>What is left at the end of the log.</summary>
    public Written? Rest() => text.WrittenCount == 0 ? null : Line(continued: false);

    private Written Line(bool continued)
    {
        var bytes = text.WrittenSpan;
        // A terminal ends its lines with two characters.
        if (!continued && bytes is [.., (byte)'\r']) bytes = bytes[..^1];
        var line = new Written(stream, time, Encoding.UTF8.GetString(bytes), continued);
        text.ResetWrittenCount();
        if (!continued) time = "";
        return line;
    }

    /// <summary>Fixed in length: <c>2026-01-01T12:00:00.000000001Z </c>.</summary>
    private static string? TimeOf(ReadOnlySpan<byte> piece) =>
        piece.Length >= TimeLength && piece[4] == '-' && piece[10] == 'T' && piece[19] == '.' && piece[29] == 'Z' && piece[30] == ' '
            ? Encoding.ASCII.GetString(piece[..(TimeLength - 1)]) : null;
}
