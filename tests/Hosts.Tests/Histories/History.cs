namespace Orchestrator.Hosts.Histories;

/// <summary>What happened to a cluster, as those tell it who were there: its engines, and the client with what it was answered.</summary>
internal sealed record History
{
    public IReadOnlyList<Life> Lives { get; init; } = [];

    public IReadOnlyList<Change> Changes { get; init; } = [];

    public IReadOnlyList<Sight> Sights { get; init; } = [];

    public IReadOnlyList<Calm> Calms { get; init; } = [];

    /// <summary>What was broken and mended, for the reader.</summary>
    public IReadOnlyList<Note> Notes { get; init; } = [];

    /// <summary>How things are after everything has come to rest; none while it has not.</summary>
    public Rest? Rest { get; init; }
}

/// <summary>A container from its start to its end, by its engine's own events.</summary>
/// <param name="Epoch">Of the order that made it.</param>
/// <param name="Ended">None while it lives.</param>
internal sealed record Life(
    string Host, string Instance, string Service, int Slot, long Epoch, DateTimeOffset Began, DateTimeOffset? Ended = null)
{
    public bool IsAt(DateTimeOffset moment) => Began <= moment && (Ended is null || Ended > moment);
}

/// <summary>A release is another image, a rollback the return to the one before; neither changes how many are wanted.</summary>
internal enum ChangeKind { Create, Update, Delete, Release, Rollback }

/// <summary>What a client knows of what it asked for.</summary>
internal enum Outcome { Accepted, NotDone, Unknown }

/// <summary>A change that somebody asked for, one at a time for each service.</summary>
/// <param name="Instances">How many are wanted from then on; none after a deletion, and of no meaning where the count stays.</param>
/// <param name="AtMostOne">Whether a slot must never have two (<c>onLeaseLost: stop</c>).</param>
internal sealed record Change(
    DateTimeOffset Asked, DateTimeOffset Answered, string Service, ChangeKind Kind, int Instances, bool AtMostOne, Outcome Outcome);

/// <summary>The epoch of a service in an answer that was not stale.</summary>
internal sealed record Sight(DateTimeOffset At, string Service, long Epoch);

/// <summary>A while in which nothing was broken, nothing was changed, and everything had come to rest before.</summary>
internal sealed record Calm(DateTimeOffset From, DateTimeOffset To);

internal sealed record Note(DateTimeOffset At, string What);

/// <param name="Services">Those that the control plane knows, with the instances it names.</param>
/// <param name="Containers">What the engines have, ended ones too.</param>
internal sealed record Rest(IReadOnlyDictionary<string, IReadOnlyList<string>> Services, IReadOnlyList<Left> Containers);

/// <summary>A container that is there.</summary>
/// <param name="Runs">By its engine, now.</param>
internal sealed record Left(string Host, string Instance, bool Runs = true);
