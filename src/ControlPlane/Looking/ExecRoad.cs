using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Looking;

/// <summary>
/// One session of a program in an instance, as its master talks with the worker: what comes out is an answer that lasts, what goes in are
/// numbered posts. Whatever breaks on the way is asked again by its number, so that nothing is lost and nothing typed twice.
/// </summary>
internal sealed class ExecRoad(string worker, IWorkerLines workers, TimeProvider clock)
{
    /// <summary>So often is asked again for one piece, a second apart: less long than the worker waits for a listener.</summary>
    private const int Tries = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string session = Guid.CreateVersion7().ToString("N");
    private long inputs;
    private long sizes;

    /// <exception cref="WorkerRefusedException">The worker does not begin it, and says why.</exception>
    /// <exception cref="NoAnswerException">The worker does not answer.</exception>
    public Task Start(ExecStart start, CancellationToken cancel) =>
        workers.AskOnce<ExecDone>(worker, WorkerMethods.ExecStart, start with { Session = session }, cancel);

    /// <summary>What the program writes, until the piece that tells its end.</summary>
    public async IAsyncEnumerable<ExecPiece> Output([EnumeratorCancellation] CancellationToken cancel)
    {
        var known = 0L;
        for (var failures = 0; ; failures++)
        {
            string? trouble = null;
            var listen = new ExecListen(session, known);
            await foreach (var (piece, failure) in workers.AskToTheEnd<ExecPiece>(worker, WorkerMethods.ExecOutput, listen, cancel))
            {
                trouble = failure?.Message;
                if (piece is not { Number: > 0 }) continue;
                (known, failures) = (piece.Number, 0);
                yield return piece;
                if (piece.ExitCode is not null || piece.Trouble is not null) yield break;
            }

            if (failures == Tries)
            {
                yield return new(known + 1, Trouble: trouble ?? $"{worker} has cut off its answer");
                yield break;
            }

            // An answer that has become long is cut off by the sidecars, and gone on with at once.
            if (failures > 0) await Task.Delay(Pause, clock, cancel);
        }
    }

    /// <param name="bytes">None ends the program's input.</param>
    public Task Input(byte[]? bytes, CancellationToken cancel) =>
        Post(WorkerMethods.ExecInput, new ExecInput(session, ++inputs, bytes), cancel);

    public Task Resize(int columns, int rows, CancellationToken cancel) =>
        Post(WorkerMethods.ExecResize, new ExecResize(session, ++sizes, columns, rows), cancel);

    /// <summary>A worker that does not hear it ends the session when nobody has listened for a while.</summary>
    public async Task End()
    {
        try
        {
            await workers.AskOnce<ExecDone>(worker, WorkerMethods.ExecEnd, new ExecEnd(session), CancellationToken.None);
        }
        catch (Exception e) when (e is NoAnswerException or WorkerRefusedException)
        {
        }
    }

    private async Task Post(string method, object what, CancellationToken cancel)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await workers.AskOnce<ExecDone>(worker, method, what, cancel);
                return;
            }
            catch (NoAnswerException) when (failures < Tries)
            {
                await Task.Delay(Pause, clock, cancel);
            }
        }
    }
}
