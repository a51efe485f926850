using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Streams;

namespace Orchestrator.ControlPlane.Looking;

/// <summary>
/// What the instances of a service, or one of them, have written on all workers: first what is there, by time, then what comes, as it
/// comes. Every source waits for the reader.
/// </summary>
internal sealed partial class ServiceLogs(IWorkerLines workers, ActorCalls actors, TimeProvider clock, ILogger<ServiceLogs> log)
{
    private const int BegunAtATime = 16;

    /// <summary>Lines that wait here; each is at most 64 KiB.</summary>
    private const int MostWaiting = 16;

    /// <summary>So often it is looked whether the service has come to further workers.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Of a service that is gone the last lines may still come.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <param name="from">The workers that may have something.</param>
    public async IAsyncEnumerable<LogLine> Lines(LogWish wish, ValueList<string> from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var logs = from.ToDictionary(worker => worker, worker => new WorkerLog(worker, wish, workers, clock), StringComparer.Ordinal);
        var history = SortedMerge.Of(logs.Values.Select(it => it.History(cancel)), Key, BegunAtATime, cancel);
        await foreach (var line in history) yield return line;
        if (!wish.Follow) yield break;
        var live = Merged.Of<LogLine>(
            MostWaiting, (to, end) => wish.Instance is null ? FollowService(wish, logs, to, end) : FollowInstance(logs, to, end), cancel);
        await foreach (var line in live) yield return line;
    }

    /// <summary>Remarks on what is missing come at the end.</summary>
    private static string Key(LogLine line) => line.Stream == LogStream.Note ? "~" : line.Time;

    /// <summary>Until it has ended and all of it is told.</summary>
    private Task FollowInstance(Dictionary<string, WorkerLog> logs, ChannelWriter<LogLine> to, CancellationToken cancel) =>
        Task.WhenAll(logs.Values.Select(it => Pass(it.Live(() => true, cancel), to, cancel)));

    /// <summary>Until it is gone; on every worker that has instances of it, or gets some.</summary>
    private async Task FollowService(
        LogWish wish, Dictionary<string, WorkerLog> logs, ChannelWriter<LogLine> to, CancellationToken cancel)
    {
        var passing = new Dictionary<string, Task>(StringComparer.Ordinal);
        HashSet<string> holders = [];
        while (await Holders(wish.Service, holders, cancel) is { } now)
        {
            holders = now;
            foreach (var worker in now.Where(it => !passing.TryGetValue(it, out var task) || task.IsCompleted))
            {
                if (!logs.TryGetValue(worker, out var source)) logs[worker] = source = new(worker, wish, workers, clock);
                passing[worker] = Pass(source.Live(() => holders.Contains(worker), cancel), to, cancel);
            }

            await Task.Delay(LookAgain, clock, cancel);
        }

        await Task.Delay(Farewell, clock, cancel);
    }

    /// <summary>The workers that have instances of a service; those known last while nobody tells, none when it is gone.</summary>
    private async Task<HashSet<string>?> Holders(string service, HashSet<string> last, CancellationToken cancel)
    {
        try
        {
            return await actors.Service(service, master => master.Summary(), cancel) is { } summary
                ? [.. summary.Workers] : null;
        }
        catch (NoAnswerException)
        {
            return last;
        }
    }

    private async Task Pass(IAsyncEnumerable<LogLine> lines, ChannelWriter<LogLine> to, CancellationToken cancel)
    {
        try
        {
            await foreach (var line in lines) await to.WriteAsync(line, cancel);
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        catch (Exception e)
        {
            LogDefect(e);
            to.TryComplete(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "Following logs failed in a way that nobody expected")]
    private partial void LogDefect(Exception e);
}
