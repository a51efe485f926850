using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Orchestrator.ServiceDefaults.Tests.Logging;

/// <summary>What a process with these settings writes to its console, without the console.</summary>
internal sealed class Written : ILoggerProvider, ISupportExternalScope
{
    private readonly WebApplication app;
    private readonly ConsoleFormatter formatter;
    private readonly StringWriter text = new();
    private IExternalScopeProvider? scopes;

    public Written(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (name, value) in settings) builder.Configuration[name] = value;
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 30, 15, 250, TimeSpan.Zero)));
        builder.AddServiceDefaults("control-plane", "control-plane-1");
        builder.Services.RemoveAll<ILoggerProvider>();
        app = builder.Build();
        var chosen = app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        formatter = app.Services.GetServices<ConsoleFormatter>().Single(one => one.Name == chosen);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(this);
    }

    public string[] Lines => text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public ILogger Log(string category) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() => text.Dispose();

    private sealed class Logger(Written written, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) =>
            written.formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), written.scopes,
                written.text);
    }
}
