using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Exec;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.WorkerAgent.Exec;

/// <summary>
/// What a program has written, piece by piece. Of what has been told a part is kept, so that whoever was cut off can go on where it was; of
/// what has not been told there is never more than a part, and then the program waits.
/// </summary>
internal sealed class ExecOutput(TimeProvider clock)
{
    /// <summary>In bytes: more than all connections on the way hold.</summary>
    private const int MostKept = 4 << 20;

    /// <summary>In bytes.</summary>
    private const int MostUntold = 128 << 10;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<ExecPiece> pieces = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last;
    private long told;
    private int kept;
    private int untold;

    public async Task Add(bool isError, byte[] bytes, CancellationToken cancel)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (untold < MostUntold)
                {
                    Put(new(++last, isError, bytes));
                    return;
                }

                change = changed.Task;
            }

            await change.WaitAsync(cancel);
        }
    }

    public void End(int? exitCode, string? trouble)
    {
        lock (gate) Put(new(++last, ExitCode: exitCode, Trouble: trouble));
    }

    /// <summary>Pieces from the one after a number on, until the last.</summary>
    public async IAsyncEnumerable<ExecPiece> After(long number, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            ExecPiece? next;
            Task change;
            lock (gate)
            {
                next = pieces.TryPeek(out var first) && first.Number > number + 1
                    ? new(number + 1, Trouble: "what was written meanwhile is no longer kept")
                    : pieces.FirstOrDefault(it => it.Number > number);
                if (next is not null && next.Number > told) Tell(next);
                change = changed.Task;
            }

            if (next is not null)
            {
                number = next.Number;
                yield return next;
                if (next.ExitCode is not null || next.Trouble is not null) yield break;
                continue;
            }

            await change.WaitAsync(Beat, clock, cancel).Quietly();
            cancel.ThrowIfCancellationRequested();
            if (!change.IsCompleted) yield return new(0);
        }
    }

    private void Put(ExecPiece piece)
    {
        pieces.Enqueue(piece);
        (kept, untold) = (kept + Length(piece), untold + Length(piece));
        while (kept > MostKept && pieces.TryPeek(out var first) && first.Number <= told) kept -= Length(pieces.Dequeue());
        Change();
    }

    private void Tell(ExecPiece piece)
    {
        told = piece.Number;
        untold -= Length(piece);
        Change();
    }

    private void Change()
    {
        var before = changed;
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }

    private static int Length(ExecPiece piece) => piece.Bytes?.Length ?? 0;
}
