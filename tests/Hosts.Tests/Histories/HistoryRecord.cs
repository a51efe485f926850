namespace Orchestrator.Hosts.Histories;

/// <summary>Where everybody who saw something writes it down.</summary>
internal sealed class HistoryRecord
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Life> lives = [];
    private readonly List<Change> changes = [];
    private readonly List<Sight> sights = [];
    private readonly List<Calm> calms = [];
    private readonly List<Note> notes = [];

    public History Now
    {
        get
        {
            lock (gate)
                return new History { Lives = [.. lives.Values], Changes = [.. changes], Sights = [.. sights], Calms = [.. calms],
                    Notes = [.. notes] };
        }
    }

    /// <summary>The containers that live, as far as anybody has seen.</summary>
    public IReadOnlyList<string> Living(string host)
    {
        lock (gate) return [.. lives.Where(l => l.Value.Host == host && l.Value.Ended is null).Select(l => l.Key)];
    }

    public void Began(string container, Life life)
    {
        lock (gate) lives.TryAdd(container, life);
    }

    public void Ended(string container, DateTimeOffset at)
    {
        lock (gate)
            if (lives.TryGetValue(container, out var life) && life.Ended is null) lives[container] = life with { Ended = at };
    }

    public void Add(Change change)
    {
        lock (gate) changes.Add(change);
    }

    public void Add(Sight sight)
    {
        lock (gate) sights.Add(sight);
    }

    public void Add(Calm calm)
    {
        lock (gate) calms.Add(calm);
    }

    public void Add(Note note)
    {
        lock (gate) notes.Add(note);
    }
}
