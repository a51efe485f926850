using Microsoft.Extensions.Logging;

namespace Orchestrator.Simulation.Tests;

/// <summary>What the program itself calls an error (a failure that nobody expected) breaks the life in which it happens.</summary>
internal sealed class LoudLog<T>(SimulatedCluster cluster) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= LogLevel.Error || (cluster.Journal is not null && logLevel >= LogLevel.Information);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        if (logLevel >= LogLevel.Error)
            cluster.Break("nothing fails in a way that nobody expected", $"{formatter(state, exception)} {exception}");
        else cluster.Journal!($"{typeof(T).Name}: {formatter(state, exception)}");
    }
}
