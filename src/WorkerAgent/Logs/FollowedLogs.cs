using System.Collections.Concurrent;
using System.Threading.Channels;
using Orchestrator.Contracts.Logs;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Streams;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Logs;

/// <summary>
/// Lines as they come, of all containers of a question at the same time. Containers that are born meanwhile join; of one that ends the last
/// lines are told. Each waits until its line is taken, so that a slow reader slows down the reading of logs and nothing else.
/// </summary>
internal sealed class FollowedLogs(InstanceLogs logs, InstanceBook book, TimeProvider clock)
{
    /// <summary>Lines that wait here; each is at most 64 KiB.</summary>
    private const int MostWaiting = 16;

    /// <summary>So often it is said that the worker is there, when there is nothing else to say.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, Task> followed = new(StringComparer.Ordinal);

    public IAsyncEnumerable<LogNews> Lines(LogQuestion question, IEnumerable<Container> present, CancellationToken cancel) =>
        Merged.Of<LogNews>(MostWaiting, (to, end) => Join(question, present, to, end), cancel);

    private async Task Join(LogQuestion question, IEnumerable<Container> present, ChannelWriter<LogNews> to, CancellationToken cancel)
    {
        using var born = new Bell(clock);
        void Look(Instance instance)
        {
            if (instance.Name.Service == question.Service) born.Ring();
        }

        book.Changed += Look;
        await using var beat = clock.CreateTimer(_ => to.TryWrite(new()), null, Beat, Beat);
        try
        {
            while (true)
            {
                foreach (var container in present)
                {
                    if (followed.Count < InstanceLogs.MostContainers * 2 || followed.ContainsKey(container.Id))
                        _ = followed.GetOrAdd(container.Id, _ => Follow(container, question, to, cancel));
                }

                foreach (var (id, done) in followed.Where(it => it.Value.IsCompleted && present.All(now => now.Id != it.Key)))
                    followed.TryRemove(new(id, done));
                if (question.Instance is not null && await IsOver(question)) return;
                // What is not told by the book is found all the same.
                await born.Wait(Beat, cancel);
                present = await logs.Containers(question, cancel);
            }
        }
        finally
        {
            book.Changed -= Look;
        }
    }

    /// <summary>A single instance is over when it has ended and all of it is told.</summary>
    private async Task<bool> IsOver(LogQuestion question)
    {
        if (book.Find(question.Instance!) is { Live: true }) return false;
        await Task.WhenAll(followed.Values);
        return true;
    }

    /// <summary>
    /// The engine's stream ends with the container, when the engine restarts, and at once where the container has not begun: whether there
    /// is more is seen by the container itself. One that has ended is read to its end.
    /// </summary>
    private async Task Follow(Container container, LogQuestion question, ChannelWriter<LogNews> to, CancellationToken cancel)
    {
        await Task.Yield();
        var id = InstanceLogs.IdOf(container);
        var told = question.Told.GetValueOrDefault(id);
        while (true)
        {
            try
            {
                var state = (await logs.Find(container, cancel))?.State;
                if (state != ContainerState.Created)
                {
                    var lives = state is ContainerState.Running or ContainerState.Paused;
                    var rest = question with { Told = Only(id, told) };
                    await foreach (var news in logs.Read(container, new(question.Since, null, lives, question.Stream), rest, cancel))
                    {
                        if (news.Container is not null) told = LogPosition.After(told, news.Line!.Time);
                        await to.WriteAsync(news, cancel);
                        if (news.Line!.Stream == LogStream.Note) return;
                    }

                    if (!lives) return;
                    continue;
                }
            }
            catch (EngineException)
            {
                // It is asked again, as long as somebody listens.
            }

            await Task.Delay(Pause, clock, cancel);
        }
    }

    private static Dictionary<string, LogPosition> Only(string id, LogPosition? told) => told is null ? [] : new() { [id] = told };
}
