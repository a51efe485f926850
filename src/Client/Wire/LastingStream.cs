using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts;

namespace Orchestrator.Client.Wire;

/// <summary>What is told for as long as it goes on: after a cut the next master is asked to go on where it ended.</summary>
/// <param name="question">Where to go on now.</param>
/// <param name="read">Items of one answer.</param>
internal sealed class LastingStream<T>(
    Road road, Func<Question> question, Func<Stream, CancellationToken, IAsyncEnumerable<T>> read)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(5);

    /// <summary>Whether an answer that ended in good order was all; otherwise it is asked to go on.</summary>
    public bool EndsByItself { get; init; }

    /// <summary>Something must be heard within this time; none where silence means nothing.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Told whenever a master begins to answer.</summary>
    public Action<HttpResponseMessage> OnBegin { get; init; } = _ => { };

    public async IAsyncEnumerable<T> Items([EnumeratorCancellation] CancellationToken cancel)
    {
        var clock = road.Options.Clock;
        var (badSince, cuts) = (clock.GetTimestamp(), 0);
        while (true)
        {
            using var answer = await road.Begin(question(), cancel);
            OnBegin(answer);
            var begin = clock.GetTimestamp();
            Exception? cut = null;
            await using var body = await answer.Content.ReadAsStreamAsync(cancel);
            await using var heard = Silence is { } silence ? new HeardStream(body, silence, clock) : body;
            await using var items = read(heard, cancel).GetAsyncEnumerator(cancel);
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync()) break;
                }
                catch (Exception e) when (e is IOException or HttpRequestException && !cancel.IsCancellationRequested)
                {
                    cut = e;
                    break;
                }

                (badSince, cuts) = (clock.GetTimestamp(), 0);
                yield return items.Current;
            }

            if (cut is null && EndsByItself) yield break;
            cancel.ThrowIfCancellationRequested();
            if (clock.GetElapsedTime(begin) > LongEnough) (badSince, cuts) = (clock.GetTimestamp(), 0);
            var pause = Road.Pause(++cuts);
            if (clock.GetElapsedTime(badSince) + pause > road.Options.Patience) throw GivenUp(cut);
            road.Leave(answer);
            await Task.Delay(pause, clock, cancel);
        }
    }

    private static NoMasterException GivenUp(Exception? cut) => new(
        $"no master goes on with what it began to tell: {cut?.Message ?? "each ends it at once"}", isReached: true, isInDoubt: false,
        requestId: null, cut);
}

internal static class JsonLines
{
    public const string Type = "application/x-ndjson";

    public static async IAsyncEnumerable<T> Read<T>(Stream body, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(body, leaveOpen: true);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length > 0) yield return JsonSerializer.Deserialize<T>(line, ContractsJson.Options)!;
        }
    }
}
