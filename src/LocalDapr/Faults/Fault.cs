namespace LocalDapr.Faults;

internal enum FaultKind
{
    Delay,
    DropCall,
    DropAnswer,
    Duplicate,
    FailSave,
    LoseMessage,
    HangWhenAppDies,
    RepeatActivity,
    LoseActivityAnswer,
    LoseTurnAnswer,
}

internal sealed class Fault(FaultKind kind, int times)
{
    private int left = times;

    public FaultKind Kind => kind;

    public CallMatch Match { get; init; } = CallMatch.Any;

    public TimeSpan Delay { get; init; }

    public string? Where { get; init; }

    public string? What { get; init; }

    /// <summary>Uses the fault up once; false when it has been used up.</summary>
    public bool TryTake() => Interlocked.Decrement(ref left) >= 0;
}
