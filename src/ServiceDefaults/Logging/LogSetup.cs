using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Orchestrator.ServiceDefaults.Logging;

internal enum LogFormat
{
    /// <summary>One readable line an event.</summary>
    Text,

    /// <summary>One JSON object a line, with every field of the message and the trace it belongs to.</summary>
    Json,
}

internal static class LogSetup
{
    /// <summary>What an operator would tell a colleague, and of the framework only what went wrong.</summary>
    public static ILoggingBuilder AddLog(this ILoggingBuilder logging, LogFormat format)
    {
        logging.ClearProviders();
        foreach (var framework in (ReadOnlySpan<string>)["Microsoft", "System", "Grpc"]) logging.AddFilter(framework, LogLevel.Warning);
        return format == LogFormat.Json ? logging.AddJsonLines() : logging.AddOneLineConsole();
    }

    private static ILoggingBuilder AddOneLineConsole(this ILoggingBuilder logging) => logging
        .AddConsole(console => console.FormatterName = OneLineConsole.FormatterName)
        .AddConsoleFormatter<OneLineConsole, ConsoleFormatterOptions>();

    private static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging) => logging
        .Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId)
        .AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            // The ids of trace and span are a scope.
            json.IncludeScopes = true;
        });
}
