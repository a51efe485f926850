namespace LocalDapr.Scheduling;

/// <summary>Runs something once, at the end of a using.</summary>
internal sealed class Ending(Action end) : IDisposable
{
    private Action? end = end;

    public void Dispose() => Interlocked.Exchange(ref end, null)?.Invoke();
}
