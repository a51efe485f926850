using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>
/// A worker on which every program is one that says what is typed, and ends with the number that is typed after <c>exit</c> or when its
/// input ends.
/// </summary>
internal sealed class FakeExec
{
    private readonly Channel<ExecPiece> written = Channel.CreateUnbounded<ExecPiece>();
    private readonly ConcurrentQueue<ExecPiece> all = new();
    private long last;
    private long taken;

    public FakeExec(FakeWorkerLines workers)
    {
        workers.Answers[WorkerMethods.ExecStart] = (_, question, _) => Once(() => Done.Enqueue(Words((ExecStart)question)));
        workers.Answers[WorkerMethods.ExecInput] = (_, question, _) => Once(() => Take((ExecInput)question));
        workers.Answers[WorkerMethods.ExecResize] = (_, question, _) => Once(() =>
            Done.Enqueue($"resize {((ExecResize)question).Columns}x{((ExecResize)question).Rows}"));
        workers.Answers[WorkerMethods.ExecEnd] = (_, _, _) => Once(() => Done.Enqueue("end"));
        workers.Answers[WorkerMethods.ExecOutput] = (worker, question, cancel) => Output(worker, (ExecListen)question, cancel);
    }

    public ConcurrentQueue<string> Done { get; } = new();

    /// <summary>The next answers to input are lost on the way back.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Output is cut off after each piece.</summary>
    public bool IsCutOff { get; set; }

    private static async IAsyncEnumerable<object> Once(Action act)
    {
        await Task.Yield();
        act();
        yield return new ExecDone();
    }

    private void Take(ExecInput input)
    {
        if (input.Number == taken + 1)
        {
            taken++;
            var text = input.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
            if (text is null) Write(new(++last, ExitCode: 0));
            else if (text.StartsWith("exit ", StringComparison.Ordinal)) Write(new(++last, ExitCode: text[5] - '0'));
            else Write(new(++last, IsError: text[0] == '!', Bytes: Encoding.UTF8.GetBytes(text)));
        }

        if (LostAnswers-- > 0) throw new NoAnswerException("a", new HttpRequestException("the answer was lost"));
    }

    private void Write(ExecPiece piece)
    {
        all.Enqueue(piece);
        written.Writer.TryWrite(piece);
    }

    private async IAsyncEnumerable<object> Output(string worker, ExecListen question, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var number = question.After; ;)
        {
            while (all.FirstOrDefault(it => it.Number == number + 1) is { } next)
            {
                number++;
                yield return next;
                if (IsCutOff) throw new NoAnswerException(worker, new HttpRequestException("it was cut off"));
            }

            await written.Reader.WaitToReadAsync(cancel);
            written.Reader.TryRead(out _);
        }
    }

    private static string Words(ExecStart it) =>
        $"start {string.Join(' ', it.Command)} in {it.Instance}{(it.Terminal ? $" {it.Columns}x{it.Rows}" : "")} {it.User}".TrimEnd();
}
