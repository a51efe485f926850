namespace LocalDapr.Launch;

/// <summary>The runtime's log among the output of the apps: one line an entry.</summary>
internal sealed class OutputLog(ConsoleOutput output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) =>
        new Category(output, categoryName.StartsWith("LocalDapr", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning);

    public void Dispose()
    {
        // The output outlives the runtime: its last lines tell how the stop went.
    }

    private sealed class Category(ConsoleOutput output, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var level = logLevel is LogLevel.Information ? "" : logLevel.ToString().ToLowerInvariant() + ": ";
            string why = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            output.Line(ConsoleOutput.Own, $"{level}{formatter(state, exception)}{why}");
        }
    }
}
