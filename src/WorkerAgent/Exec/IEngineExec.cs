using Orchestrator.Contracts.Exec;

namespace Orchestrator.WorkerAgent.Exec;

/// <summary>Programs in containers that somebody talks to.</summary>
internal interface IEngineExec
{
    /// <exception cref="Docker.EngineException">The engine does not begin it.</exception>
    Task<IRunningExec> Start(string container, ExecStart start, CancellationToken cancel);
}

/// <summary>A program that runs in a container. Who lets go of it ends it.</summary>
internal interface IRunningExec : IAsyncDisposable
{
    /// <summary>Waits for what it writes; answers 0 bytes when it has ended.</summary>
    Task<(int Count, bool IsError)> Read(byte[] buffer, CancellationToken cancel);

    Task Write(byte[] bytes, CancellationToken cancel);

    /// <summary>There is nothing more for it to read.</summary>
    void EndInput();

    Task Resize(int columns, int rows, CancellationToken cancel);

    /// <summary>Of one that has ended.</summary>
    Task<int> ExitCode(CancellationToken cancel);
}
