using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Logs;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Logs;

/// <summary>Docker's logs: frames of which each is a piece of a line; of a container with a terminal the bare lines.</summary>
internal sealed class DockerLogs(EngineHttp engine) : IContainerLogs
{
    private const int HeaderLength = 8;

    /// <summary>In bytes; Docker's own drivers make none above 17 KiB.</summary>
    private const int LongestFrame = 2 << 20;

    public async IAsyncEnumerable<Written> Read(string container, LogPart part, [EnumeratorCancellation] CancellationToken cancel)
    {
        var inspected = await engine.GetJson($"containers/{container}/json", cancel);
        var hasTerminal = inspected.GetProperty("Config").GetProperty("Tty").GetBoolean();
        // A terminal is one stream, and it is the output.
        if (hasTerminal && part.Stream == LogStream.Stderr) yield break;
        using var answer = await engine.Get($"containers/{container}/logs?{Query(part)}", cancel);
        var reader = PipeReader.Create(await answer.Content.ReadAsStreamAsync(cancel));
        LineAssembler output = new(LogStream.Stdout), error = new(LogStream.Stderr);
        try
        {
            while (await Next(reader, cancel) is { } read)
            {
                var rest = read.Buffer;
                while (Piece(ref rest, hasTerminal) is var (stream, piece))
                {
                    if ((stream == LogStream.Stderr ? error : output).Take(piece) is { } line) yield return line;
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted) break;
            }

            if (output.Rest() is { } last) yield return last;
            if (error.Rest() is { } lastError) yield return lastError;
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static string Query(LogPart part) => string.Join('&',
    [
        "timestamps=1",
        $"stdout={(part.Stream == LogStream.Stderr ? 0 : 1)}", $"stderr={(part.Stream == LogStream.Stdout ? 0 : 1)}",
        $"tail={part.Tail?.ToString(CultureInfo.InvariantCulture) ?? "all"}", $"follow={(part.Follow ? 1 : 0)}",
        .. part.Since is { } since ? [$"since={LogTimes.ForEngine(since)}"] : Array.Empty<string>(),
    ]);

    /// <summary>None when the engine has cut it off: what follows is asked for anew.</summary>
    private static async Task<ReadResult?> Next(PipeReader reader, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new EngineException(EngineFault.Away, $"the engine has cut off a log: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>Takes the next whole piece from what has come; none when the rest of it has not.</summary>
    private static (LogStream Stream, byte[] Text)? Piece(ref ReadOnlySequence<byte> rest, bool hasTerminal) =>
        hasTerminal ? BarePiece(ref rest) : FramedPiece(ref rest);

    private static (LogStream, byte[])? FramedPiece(ref ReadOnlySequence<byte> rest)
    {
        if (rest.Length < HeaderLength) return null;
        Span<byte> header = stackalloc byte[HeaderLength];
        rest.Slice(0, HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (length > LongestFrame)
            throw new EngineException(EngineFault.Broken, $"the engine tells a log in pieces of {length} bytes, which nobody can hold");
        if (rest.Length < HeaderLength + length) return null;
        var text = rest.Slice(HeaderLength, length).ToArray();
        rest = rest.Slice(HeaderLength + length);
        return (header[0] == 2 ? LogStream.Stderr : LogStream.Stdout, text);
    }

    /// <summary>A line, or the first piece of a long one: the engine keeps those in pieces with a time before each, here too.</summary>
    private static (LogStream, byte[])? BarePiece(ref ReadOnlySequence<byte> rest)
    {
        var first = rest.Slice(0, Math.Min(rest.Length, LineAssembler.PieceLength));
        var end = first.PositionOf((byte)'\n') is { } at ? first.GetPosition(1, at)
            : first.Length == LineAssembler.PieceLength ? first.End : (SequencePosition?)null;
        if (end is not { } until) return null;
        var text = rest.Slice(0, until).ToArray();
        rest = rest.Slice(until);
        return (LogStream.Stdout, text);
    }
}
