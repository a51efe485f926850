using System.Net.WebSockets;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Looking;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// A WebSocket between somebody's terminal and a session. Binary messages are bytes: from the caller what is typed, to the caller what is
/// written, after a first byte that is 1 for output and 2 for errors. Text messages are JSON: see <see cref="FromCaller"/> and
/// <see cref="ToCaller"/>.
/// </summary>
internal sealed class ExecSocket(WebSocket socket, ExecRoad road)
{
    private const int LongestMessage = 64 << 10;

    /// <summary>Said once, when the session is over: the program's exit code, or why there is none.</summary>
    internal sealed record ToCaller(int? ExitCode, string? Trouble);

    /// <summary>Another size of the terminal, or that nothing more is typed.</summary>
    internal sealed record FromCaller(Size? Resize = null, bool EndOfInput = false);

    internal sealed record Size(int Columns, int Rows);

    /// <summary>Until the program has ended or the caller has left.</summary>
    public async Task Talk(CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var listening = Show(end.Token);
        var typing = Type(end.Token);
        try
        {
            await Task.WhenAny(listening, typing);
            if (listening.IsCompletedSuccessfully) await Close(listening.Result, WebSocketCloseStatus.NormalClosure);
            else if (typing is { IsCompletedSuccessfully: true, Result: { } problem })
                await Close(new(null, problem), WebSocketCloseStatus.InvalidPayloadData);
            else if (typing.IsCompletedSuccessfully && socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
        }
        finally
        {
            await end.CancelAsync();
            await road.End();
            await Task.WhenAll(listening, typing).Quietly();
        }
    }

    private async Task<ToCaller> Show(CancellationToken cancel)
    {
        await foreach (var piece in road.Output(cancel))
        {
            if (piece.ExitCode is not null || piece.Trouble is not null) return new(piece.ExitCode, piece.Trouble);
            byte[] message = [piece.IsError ? (byte)2 : (byte)1, .. piece.Bytes ?? []];
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }

        return new(null, "the worker has ended the session");
    }

    /// <summary>Until the caller leaves; answers what is wrong when it says what cannot be.</summary>
    private async Task<string?> Type(CancellationToken cancel)
    {
        var buffer = new byte[LongestMessage];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult read;
            do
            {
                if (length == buffer.Length) return $"a message has at most {LongestMessage} bytes";
                read = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                if (read.MessageType == WebSocketMessageType.Close) return null;
                length += read.Count;
            }
            while (!read.EndOfMessage);

            if (read.MessageType == WebSocketMessageType.Binary)
            {
                if (length > 0) await road.Input(buffer[..length], cancel);
            }
            else if (await Told(buffer.AsMemory(0, length), cancel) is { } problem) return problem;
        }
    }

    private async Task<string?> Told(ReadOnlyMemory<byte> text, CancellationToken cancel)
    {
        const string usage = "a text message is {\"resize\":{\"columns\":80,\"rows\":24}} or {\"endOfInput\":true}";
        FromCaller? said;
        try
        {
            said = JsonSerializer.Deserialize<FromCaller>(text.Span, ContractsJson.Strict);
        }
        catch (JsonException)
        {
            return usage;
        }

        if (said?.Resize is { } size)
        {
            if (size is not { Columns: >= 1 and <= 1000, Rows: >= 1 and <= 1000 }) return "columns and rows are 1 to 1000";
            await road.Resize(size.Columns, size.Rows, cancel);
        }

        if (said?.EndOfInput == true) await road.Input(null, cancel);
        return said is null ? usage : null;
    }

    private async Task Close(ToCaller last, WebSocketCloseStatus status)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        await socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(last, ContractsJson.Options), WebSocketMessageType.Text, endOfMessage: true, soon.Token);
        await socket.CloseOutputAsync(status, last.Trouble is { Length: < 100 } words ? words : null, soon.Token);
    }
}
