using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Orchestrator.ServiceDefaults.Logging;

/// <summary>One readable line an event: the time (UTC), a word where something is wrong, the sentence.</summary>
internal sealed class OneLineConsole(TimeProvider clock) : ConsoleFormatter("one-line")
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var word = logEntry.LogLevel switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error => "error: ",
            LogLevel.Critical => "critical: ",
            _ => "",
        };
        textWriter.WriteLine($"{clock.GetUtcNow():HH:mm:ss.fff} {word}{logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } exception) textWriter.WriteLine(exception);
    }
}

public static class OneLineConsoleSetup
{
    /// <summary>What an operator would tell a colleague, and of the framework only what went wrong.</summary>
    public static ILoggingBuilder AddOneLineConsole(this ILoggingBuilder logging)
    {
        logging.ClearProviders().AddConsole(console => console.FormatterName = "one-line").AddConsoleFormatter<OneLineConsole, ConsoleFormatterOptions>();
        return logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
    }
}
