namespace Conformance.World;

/// <summary>Names that no earlier run and no other test used: sidecars may be shared and their stores durable.</summary>
public static class Unique
{
    private static readonly string Run = Guid.NewGuid().ToString("n")[..8];
    private static int _count;

    public static string Name(string kind) => $"{kind}-{Run}-{Interlocked.Increment(ref _count)}";
}
