using Orchestrator.Contracts.Logs;

namespace Orchestrator.WorkerAgent.Logs;

/// <summary>What containers have written, as their engine keeps it.</summary>
internal interface IContainerLogs
{
    /// <summary>
    /// The lines of one container in the order in which they reached its log; each is read when it is asked for. With follow until the
    /// container has ended.
    /// </summary>
    /// <exception cref="Docker.EngineException">The engine does not tell them; some log drivers cannot be read.</exception>
    IAsyncEnumerable<Written> Read(string container, LogPart part, CancellationToken cancel);
}

/// <summary>Which part of a log.</summary>
/// <param name="Since">Lines from this moment on, it included; see <see cref="LogTimes"/>.</param>
/// <param name="Tail">The last ones, so many; none means all.</param>
/// <param name="Stream">Only what was written there.</param>
internal sealed record LogPart(string? Since = null, int? Tail = null, bool Follow = false, LogStream? Stream = null);

/// <summary>A line in a log.</summary>
/// <param name="Time">See <see cref="LogTimes"/>.</param>
/// <param name="Continued">Whether it goes on in the next one.</param>
internal readonly record struct Written(LogStream Stream, string Time, string Text, bool Continued = false);
