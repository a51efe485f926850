namespace Orchestrator.ControlPlane.Placement;

/// <summary>
/// Numbers that follow from names: where others throw dice, the same name always gives the same number, in every process.
/// </summary>
internal static class Names
{
    public static uint Hash(string name, uint seed)
    {
        var hash = 2166136261u ^ seed;
        foreach (var c in name) hash = (hash ^ c) * 16777619u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        return hash ^ (hash >> 13);
    }

    /// <summary>A step that visits all of <paramref name="count"/> places before it comes back to the first.</summary>
    public static int Stride(int count, uint seed)
    {
        var stride = (int)(Hash("stride", seed) % (uint)count);
        while (stride == 0 || Gcd(stride, count) != 1) stride = (stride + 1) % count;
        return stride;
    }

    private static int Gcd(int a, int b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
