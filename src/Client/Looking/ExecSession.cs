using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts;

namespace Orchestrator.Client.Looking;

/// <summary>A program in an instance that somebody talks to. It is ended when the session is disposed of.</summary>
public sealed class ExecSession : IAsyncDisposable
{
    private const int LargestPiece = 32 << 10;
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly WebSocket socket;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim oneAtATime = new(1);

    private ExecSession(WebSocket socket, TimeProvider clock) => (this.socket, this.clock) = (socket, clock);

    /// <summary>0 to 255, once <see cref="Output"/> has ended; none when it ended otherwise.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Why there is no exit code, once <see cref="Output"/> has ended.</summary>
    public string? Trouble { get; private set; }

    internal static async Task<ExecSession> Begin(Road road, string instance, ExecWish wish, CancellationToken cancel)
    {
        var question = Question.Get($"{Question.Below("instances", instance)}/exec") with
        {
            // A master that is known not to have begun it may be followed by another; two programs would be one too many.
            MayBeRepeated = false, Changes = true,
            Query = new()
            {
                { "command", JsonSerializer.Serialize(wish.Command, ContractsJson.Options) }, { "terminal", wish.Terminal },
                { "columns", wish.Terminal ? wish.Columns : null }, { "rows", wish.Terminal ? wish.Rows : null },
                { "user", wish.User }, { "workingDir", wish.WorkingDir },
            },
        };
        var socket = await road.Patiently(question, (master, end) => Sockets.Open(question.At(master), road.Options, end), cancel);
        return new(socket, road.Options.Clock);
    }

    /// <summary>Types into the program.</summary>
    public async Task Type(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        for (var rest = bytes; rest.Length > 0; rest = rest[Math.Min(rest.Length, LargestPiece)..])
            await Send(rest[..Math.Min(rest.Length, LargestPiece)], WebSocketMessageType.Binary, cancel);
    }

    /// <summary>Nothing more will be typed.</summary>
    public Task EndInput(CancellationToken cancel = default) => Say(new { endOfInput = true }, cancel);

    /// <summary>The terminal has another size, each 1 to 1,000.</summary>
    public Task Resize(int columns, int rows, CancellationToken cancel = default) =>
        Say(new { resize = new { columns = Math.Clamp(columns, 1, 1000), rows = Math.Clamp(rows, 1, 1000) } }, cancel);

    /// <summary>What the program writes, until it has ended; then <see cref="ExitCode"/> or <see cref="Trouble"/> is known.</summary>
    public async IAsyncEnumerable<ExecOutput> Output([EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (await Receive(cancel) is { } message)
        {
            if (message.IsText)
            {
                var end = JsonSerializer.Deserialize<End>(message.Bytes.Span, ContractsJson.Options)!;
                (ExitCode, Trouble) = (end.ExitCode, end.Trouble);
                yield break;
            }

            if (message.Bytes.Length > 1) yield return new(message.Bytes.Span[0] == 2, message.Bytes[1..]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var late = new CancellationTokenSource(Goodbye, clock);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, late.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The program ends also when nobody says goodbye.
        }

        socket.Dispose();
        oneAtATime.Dispose();
    }

    private async Task<(bool IsText, ReadOnlyMemory<byte> Bytes)?> Receive(CancellationToken cancel)
    {
        using var message = new MemoryStream();
        var buffer = new byte[LargestPiece];
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
                if (read.MessageType == WebSocketMessageType.Close) return Lost("the master has ended the session");
                message.Write(buffer, 0, read.Count);
                if (read.EndOfMessage) return (read.MessageType == WebSocketMessageType.Text, message.ToArray());
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException && !cancel.IsCancellationRequested)
        {
            return Lost($"the connection to the master was lost: {e.Message}");
        }
    }

    private (bool, ReadOnlyMemory<byte>)? Lost(string why)
    {
        Trouble = why;
        return null;
    }

    private Task Say(object words, CancellationToken cancel) =>
        Send(JsonSerializer.SerializeToUtf8Bytes(words, ContractsJson.Options), WebSocketMessageType.Text, cancel);

    private async Task Send(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, CancellationToken cancel)
    {
        await oneAtATime.WaitAsync(cancel);
        try
        {
            await socket.SendAsync(bytes, type, endOfMessage: true, cancel);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private sealed record End(int? ExitCode, string? Trouble);
}

/// <param name="IsError">Whether it was written to standard error; with a terminal there is one stream alone.</param>
public readonly record struct ExecOutput(bool IsError, ReadOnlyMemory<byte> Bytes);
