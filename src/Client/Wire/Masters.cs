namespace Orchestrator.Client.Wire;

/// <summary>Several masters of which any will do: one is stayed with for as long as it answers.</summary>
internal sealed class Masters(IReadOnlyList<Uri> addresses)
{
    private readonly Uri[] bases = [.. addresses.Select(it => it.AbsolutePath.EndsWith('/') ? it : new Uri($"{it}/"))];
    private int current;

    public int Count => bases.Length;

    public Uri Current => bases[Volatile.Read(ref current)];

    /// <summary>The next one is asked from now on, unless somebody has gone on already.</summary>
    public void Leave(Uri master)
    {
        var at = Array.IndexOf(bases, master);
        Interlocked.CompareExchange(ref current, (at + 1) % bases.Length, at);
    }
}
