using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>
/// The workers of one app id, whichever sidecar they came through: they share its work. A turn goes to the worker that has the history
/// already, else to the one with the least to do; what a lost worker had not answered is asked again.
/// </summary>
internal sealed class Workers
{
    private readonly Lock gate = new();
    private readonly List<WorkStream> streams = [];
    private readonly LinkedList<(Work Work, string Name, TaskCompletionSource<WorkStream> Given)> waiting = [];
    private readonly ConcurrentDictionary<string, Ask> byToken = [];
    private readonly ConcurrentDictionary<Work, Ask> byWork = [];
    private readonly Dictionary<(bool IsTurn, string Name), int> underWay = [];
    private volatile WorkflowSettings settings = new();
    private long asked;

    /// <summary>What the app's settings limit over all its workers.</summary>
    public void Use(WorkflowSettings wished) => settings = wished;

    public void Open(WorkStream stream)
    {
        stream.Site.Count(+1);
        lock (gate)
        {
            streams.Add(stream);
            GiveOut();
        }
    }

    /// <summary>What it has not answered is free for others.</summary>
    public void Close(WorkStream stream)
    {
        lock (gate)
        {
            if (!streams.Remove(stream)) return;
        }

        stream.Site.Count(-1);
        stream.Close();
        foreach (var ask in byToken.Values)
        {
            if (ask.Stream == stream) ask.TryAnswer(null);
        }
    }

    /// <summary>
    /// Waits for a worker with room and sends it what <paramref name="make"/> then gives, with the token that the answer will hold. Null
    /// when that was nothing.
    /// </summary>
    /// <param name="work">What is asked.</param>
    /// <param name="name">The name of the workflow or activity.</param>
    /// <param name="make">Makes what is sent, at the moment when it can be.</param>
    public async Task<Ask?> AskAsync(Work work, string name, Func<WorkStream, WorkItem?> make)
    {
        var ask = new Ask(work, name, await GetAsync(work, name), End);
        try
        {
            if (make(ask.Stream) is not { } item)
            {
                ask.Dispose();
                return null;
            }

            byToken[ask.Token] = ask;
            byWork[work] = ask;
            item.CompletionToken = ask.Token;
            // Closed in between, it is asked again like any other that its worker left.
            if (!ask.Stream.TrySend(item) || !IsOpen(ask.Stream)) ask.TryAnswer(null);
            return ask;
        }
        catch
        {
            ask.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the answer was dealt with; an answer that nobody waits for any more is thrown away.</summary>
    public async Task AnswerAsync(string token, Work work, IMessage answer)
    {
        var ask = token.Length > 0 ? byToken.GetValueOrDefault(token) : byWork.GetValueOrDefault(work);
        if (ask is not null && ask.Work == work && ask.TryAnswer(answer)) await ask.Done;
    }

    /// <summary>The instance has ended: no worker needs its history.</summary>
    public void Forget(WorkflowKey key)
    {
        lock (gate)
        {
            foreach (var stream in streams) stream.Forget(key);
        }
    }

    private Task<WorkStream> GetAsync(Work work, string name)
    {
        lock (gate)
        {
            if (Choose(work, name) is { } stream) return Task.FromResult(Take(stream, work, name));
            var given = new TaskCompletionSource<WorkStream>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.AddLast((work, name, given));
            return given.Task;
        }
    }

    private bool IsOpen(WorkStream stream)
    {
        lock (gate) return streams.Contains(stream);
    }

    private void End(Ask ask)
    {
        byToken.TryRemove(ask.Token, out _);
        byWork.TryRemove(new(ask.Work, ask));
        lock (gate)
        {
            Count(ask.Stream, ask.Work, ask.Name, -1);
            GiveOut();
        }
    }

    private void GiveOut()
    {
        if (streams.Count == 0) return;
        for (var node = waiting.First; node is not null;)
        {
            var next = node.Next;
            var (work, name, given) = node.Value;
            if (Choose(work, name) is { } stream)
            {
                waiting.Remove(node);
                given.SetResult(Take(stream, work, name));
            }

            node = next;
        }
    }

    private WorkStream? Choose(Work work, string name)
    {
        if (!HasRoomFor(work, name)) return null;
        WorkStream? best = null;
        foreach (var stream in streams)
        {
            if (!stream.Site.HasRoomFor(work)) continue;
            if (work.IsTurn && stream.Knows(work.Key)) return stream;
            if (best is null || Weight(stream) < Weight(best) || (Weight(stream) == Weight(best) && stream.LastAsked < best.LastAsked))
                best = stream;
        }

        return best;

        int Weight(WorkStream stream) => work.IsTurn ? stream.Turns : stream.Activities;
    }

    private bool HasRoomFor(Work work, string name)
    {
        var (most, ofName) = work.IsTurn ? (settings.MostTurnsOfAll, settings.MostOfWorkflow)
            : (settings.MostActivitiesOfAll, settings.MostOfActivity);
        if (most is { } all && underWay.Where(u => u.Key.IsTurn == work.IsTurn).Sum(u => u.Value) >= all) return false;
        return !ofName.TryGetValue(name, out int limit) || underWay.GetValueOrDefault((work.IsTurn, name)) < limit;
    }

    private WorkStream Take(WorkStream stream, Work work, string name)
    {
        stream.LastAsked = ++asked;
        Count(stream, work, name, +1);
        return stream;
    }

    private void Count(WorkStream stream, Work work, string name, int more)
    {
        underWay[(work.IsTurn, name)] = underWay.GetValueOrDefault((work.IsTurn, name)) + more;
        if (work.IsTurn)
        {
            stream.Turns += more;
            stream.Site.Turns += more;
        }
        else
        {
            stream.Activities += more;
            stream.Site.Activities += more;
        }
    }
}
