using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Exec;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Exec;

/// <summary>Begins programs in instances and looks after their sessions: one to which nobody listens is ended.</summary>
internal sealed partial class ExecDesk(
    IEngineExec engine, InstanceBook book, WorkerAgentOptions options, TimeProvider clock, ILogger<ExecDesk> log) : ILoop
{
    public const int MostSessions = 32;

    /// <summary>So long a session goes on without anybody who listens: its master may have to come back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>So long a session goes on when somebody listens and neither side says anything.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromHours(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<ExecSession>>> sessions = new(StringComparer.Ordinal);

    /// <summary>Why not, with an HTTP status; none when it has begun, now or before.</summary>
    /// <exception cref="EngineException">The engine does not begin it.</exception>
    public async Task<(int Status, string Why)?> Start(ExecStart start, CancellationToken cancel)
    {
        if (!options.AllowExec) return (StatusCodes.Status403Forbidden, "this worker runs nothing in instances: ALLOW_EXEC is not set");
        if (book.Find(start.Instance) is not { } instance)
            return (StatusCodes.Status404NotFound, $"nothing of {start.Instance} is here");
        if (instance is not { Phase: Contracts.Instances.Phase.Running, Observed.ContainerId: { } container })
            return (StatusCodes.Status409Conflict, $"{start.Instance} does not run");
        if (sessions.Count >= MostSessions && !sessions.ContainsKey(start.Session))
            return (StatusCodes.Status409Conflict, $"{MostSessions} sessions are open on this worker, which is all that it takes");
        var session = sessions.GetOrAdd(start.Session, _ => new(() => Begin(container, start)));
        try
        {
            await session.Value.WaitAsync(cancel);
            return null;
        }
        catch (EngineException)
        {
            sessions.TryRemove(start.Session, out _);
            throw;
        }
    }

    /// <summary>None when there is no such session.</summary>
    public async Task<ExecSession?> Find(string session) => sessions.TryGetValue(session, out var it) ? await it.Value : null;

    public async IAsyncEnumerable<ExecPiece> Listen(ExecListen question, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (await Find(question.Session) is not { } session)
        {
            yield return new(question.After + 1, Trouble: "the session is not there any more");
            yield break;
        }

        session.Listeners++;
        session.Heard();
        try
        {
            await foreach (var piece in session.Output.After(question.After, cancel))
            {
                if (piece.Number > 0) session.Heard();
                yield return piece;
            }
        }
        finally
        {
            session.Listeners--;
            session.Heard();
        }
    }

    public async Task End(string session)
    {
        if (!sessions.TryRemove(session, out var it)) return;
        LogEnded(session);
        await (await it.Value).DisposeAsync();
    }

    public async Task Run(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, clock, stopping);
                foreach (var (name, session) in sessions)
                {
                    if (session is not { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) continue;
                    var it = await session.Value;
                    if (it.Silence > (it.Listeners > 0 ? LongestIdle : Patience)) await End(name);
                }
            }
        }
        finally
        {
            foreach (var name in sessions.Keys) await End(name);
        }
    }

    private async Task<ExecSession> Begin(string container, ExecStart start)
    {
        LogBegun(start.Session, start.Command[0], start.Instance);
        return new(await engine.Start(container, start, CancellationToken.None), clock);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session}: {Program} runs in {Instance}")]
    private partial void LogBegun(string session, string program, string instance);

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} is over")]
    private partial void LogEnded(string session);
}
