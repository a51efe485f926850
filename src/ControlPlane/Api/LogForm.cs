using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Logs;
using Orchestrator.ServiceDefaults.Streams;

namespace Orchestrator.ControlPlane.Api;

/// <summary>How lines are written to whoever asks.</summary>
/// <param name="Type">Of the body.</param>
internal sealed record LogForm(string Type)
{
    private const string Text = "text/plain; charset=utf-8";

    /// <summary>Whether each line of text names its instance.</summary>
    public bool Prefix { get; init; }

    /// <summary>Whether each line of text has its time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>By what the caller accepts; text where that says nothing, none where it accepts neither.</summary>
    public static LogForm? Of(HttpRequest request) =>
        Accepted.FirstOf(request, "text/plain", JsonLines.Type) switch
        {
            null => null,
            JsonLines.Type => new(JsonLines.Type),
            _ => new(Text),
        };

    public static ProblemHttpResult Refused() => Problems.Of(
        StatusCodes.Status406NotAcceptable, $"lines are told as text/plain or {JsonLines.Type}; Accept allows neither");

    public void Write(LogLine line, IBufferWriter<byte> to)
    {
        if (Type == JsonLines.Type)
        {
            JsonLines.Value(line, to, ContractsJson.Options);
        }
        else
        {
            if (line.Stream == LogStream.Note) Encoding.UTF8.GetBytes("# ", to);
            if (Timestamps) Encoding.UTF8.GetBytes($"{line.Time} ", to);
            if (Prefix && line.Instance.Length > 0) Encoding.UTF8.GetBytes($"{line.Instance} | ", to);
            Encoding.UTF8.GetBytes(line.Line, to);
        }

        to.Write("\n"u8);
    }
}
