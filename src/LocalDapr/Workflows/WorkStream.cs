using System.Threading.Channels;
using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>One worker's open stream: what is sent out on it, and what it has been sent.</summary>
internal sealed class WorkStream(WorkerSite site, IEnumerable<WorkerCapability> capabilities)
{
    private readonly Channel<WorkItem> items = Channel.CreateUnbounded<WorkItem>(new() { SingleReader = true });
    private readonly Dictionary<WorkflowKey, (long Generation, int Length)> told = [];
    private readonly HashSet<WorkerCapability> capabilities = [.. capabilities];

    /// <summary>The sidecar it goes through.</summary>
    public WorkerSite Site => site;

    /// <summary>What goes out, in order.</summary>
    public ChannelReader<WorkItem> Items => items.Reader;

    /// <summary>Turns that it works on.</summary>
    public int Turns { get; set; }

    /// <summary>Activities that it works on.</summary>
    public int Activities { get; set; }

    /// <summary>When it was given something last, as a number that grows.</summary>
    public long LastAsked { get; set; }

    /// <summary>Whether it still has what it was told of the instance's history.</summary>
    public bool Knows(WorkflowKey key)
    {
        lock (told) return told.ContainsKey(key);
    }

    /// <summary>
    /// How many events of the history the worker has from the turn before; from now on it has all of it. Zero for a worker that keeps none.
    /// </summary>
    public int Tell(WorkflowKey key, long generation, int length)
    {
        if (!capabilities.Contains(WorkerCapability.StatefulHistory)) return 0;
        lock (told)
        {
            int before = told.TryGetValue(key, out var last) && last.Generation == generation && last.Length <= length ? last.Length : 0;
            told[key] = (generation, length);
            return before;
        }
    }

    public void Forget(WorkflowKey key)
    {
        lock (told) told.Remove(key);
    }

    public bool TrySend(WorkItem item) => items.Writer.TryWrite(item);

    /// <summary>Shows the worker that somebody is there; those that do not know of it are left alone.</summary>
    public void Ping()
    {
        if (capabilities.Contains(WorkerCapability.HealthPing)) TrySend(new() { HealthPing = new() });
    }

    public void Close() => items.Writer.TryComplete();
}
