using System.Runtime.CompilerServices;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Looking;

/// <summary>Which lines are wished for; see <see cref="LogQuestion"/>.</summary>
internal sealed record LogWish(string Service)
{
    public string? Instance { get; init; }
    public string? Since { get; init; }
    public int? Tail { get; init; }
    public bool Follow { get; init; }
    public LogStream? Stream { get; init; }
}

/// <summary>
/// What one worker tells to a wish, whatever happens on the way: an answer that is cut off is gone on with where it ended, by what has been
/// told, so that no line is lost and none told twice.
/// </summary>
internal sealed class WorkerLog(string worker, LogWish wish, IWorkerLines workers, TimeProvider clock)
{
    /// <summary>Containers of which it is known how far they have been told; the one that was silent longest falls out above it.</summary>
    private const int MostKnown = 256;

    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, LogPosition> told = new(StringComparer.Ordinal);
    private bool isHistoryTold;

    /// <summary>What is there, by time; that the worker does not tell it is a note.</summary>
    public async IAsyncEnumerable<LogLine> History([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var failures = 0; ;)
        {
            LogEnd? end = null;
            Exception? failure = null;
            await foreach (var (news, problem) in Ask(follow: false, cancel))
            {
                if (Shown(news) is { } line) yield return line;
                (end, failure) = (news?.End, problem);
            }

            isHistoryTold = end == LogEnd.Complete;
            if (isHistoryTold) yield break;
            if (end == LogEnd.ToBeContinued) continue;
            if (++failures == Tries || failure is WorkerRefusedException)
            {
                yield return Note($"{Words(failure)}: what its instances have written is missing here");
                yield break;
            }

            await Task.Delay(Pause, clock, cancel);
        }
    }

    /// <summary>
    /// What comes, until the wish is fulfilled. While the worker does not answer it is asked again, as long as it is wanted to be.
    /// </summary>
    public async IAsyncEnumerable<LogLine> Live(Func<bool> isWanted, [EnumeratorCancellation] CancellationToken cancel)
    {
        var isSilent = false;
        while (!cancel.IsCancellationRequested)
        {
            if (!isHistoryTold && !isSilent)
            {
                await foreach (var line in History(cancel)) yield return line;
                isSilent = !isHistoryTold;
            }

            LogEnd? end = null;
            Exception? failure = null;
            await foreach (var (news, problem) in Ask(follow: true, cancel))
            {
                isSilent &= news is null;
                if (Shown(news) is { } line) yield return line;
                (end, failure) = (news?.End, problem);
            }

            if (end == LogEnd.ToBeContinued) continue;
            if (end == LogEnd.Complete || !isWanted()) yield break;
            if (!isSilent) yield return Note($"{Words(failure)}: what its instances write comes when it answers again");
            isSilent = true;
            await Task.Delay(Pause, clock, cancel);
        }
    }

    private LogLine? Shown(LogNews? news)
    {
        if (news?.Line is not { } line) return null;
        if (news.Container is { } container)
        {
            told[container] = LogPosition.After(told.GetValueOrDefault(container), line.Time);
            if (told.Count > MostKnown) told.Remove(told.MinBy(it => it.Value.Time, StringComparer.Ordinal).Key);
        }

        return news.Passed == true ? null : line;
    }

    private IAsyncEnumerable<(LogNews? News, Exception? Failure)> Ask(bool follow, CancellationToken cancel) =>
        workers.AskToTheEnd<LogNews>(worker, WorkerMethods.Logs, new LogQuestion
        {
            Service = wish.Service, Instance = wish.Instance, Since = wish.Since, Tail = follow ? null : wish.Tail, Follow = follow,
            Stream = wish.Stream, Told = new Dictionary<string, LogPosition>(told),
        }, cancel);

    private LogLine Note(string words) =>
        new() { Instance = wish.Instance ?? "", Stream = LogStream.Note, Time = LogTimes.Of(clock.GetUtcNow()), Line = words };

    private string Words(Exception? failure) => failure switch
    {
        WorkerRefusedException refused => $"{worker} says: {refused.Message}",
        { } e => e.Message,
        null => $"{worker} has cut off its answer",
    };
}
