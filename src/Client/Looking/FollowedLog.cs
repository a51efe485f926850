using System.Runtime.CompilerServices;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Client.Looking;

/// <summary>
/// Lines as they come. When the master dies the next one is asked to go on from the oldest of the newest times of all instances; what is
/// known by then is passed over, so that each line comes once.
/// </summary>
internal sealed class FollowedLog(Road road, string path, LogWish wish)
{
    private readonly Dictionary<string, LogPosition> told = [];
    private Dictionary<string, LogPosition> passed = [];
    private DateTimeOffset? began;

    public async IAsyncEnumerable<LogLine> Lines([EnumeratorCancellation] CancellationToken cancel)
    {
        var stream = new LastingStream<LogLine>(road, Next, JsonLines.Read<LogLine>)
        {
            EndsByItself = true,
            OnBegin = answer => (passed, began) = ([], began ?? answer.Headers.Date),
        };
        await foreach (var line in stream.Items(cancel))
        {
            if (line.Stream == LogStream.Note || IsNew(line)) yield return line;
        }
    }

    private Question Next()
    {
        var since = told.Count > 0 ? told.Values.Select(it => it.Time).Min(StringComparer.Ordinal)
            // Who wanted only what comes has been told nothing of before.
            : wish.Tail == 0 && began is { } from ? LogTimes.Of(from) : null;
        return Question.Get(path) with
        {
            Accept = JsonLines.Type,
            Query = new()
            {
                { "follow", wish.Follow }, { "tail", since is null ? wish.Tail : null }, { "since", since ?? wish.Since },
                { "instance", wish.Instance }, { "stream", wish.Stream?.Word() },
            },
        };
    }

    /// <summary>Lines of one instance come in their order; several may have the same time.</summary>
    private bool IsNew(LogLine line)
    {
        passed[line.Instance] = LogPosition.After(passed.GetValueOrDefault(line.Instance), line.Time);
        if (told.TryGetValue(line.Instance, out var known) && IsWithin(passed[line.Instance], known)) return false;
        told[line.Instance] = LogPosition.After(known, line.Time);
        return true;
    }

    private static bool IsWithin(LogPosition at, LogPosition known)
    {
        var order = string.CompareOrdinal(at.Time, known.Time);
        return order < 0 || (order == 0 && at.Lines <= known.Lines);
    }
}
