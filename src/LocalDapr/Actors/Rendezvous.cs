using System.Collections.Immutable;

namespace LocalDapr.Actors;

/// <summary>
/// Highest-random-weight hashing: every host weighs an actor id, the heaviest owns it. A host that joins takes an even share from all
/// others, one that leaves hands over only its own. The type is not hashed, so equal ids of different types meet on one host.
/// </summary>
internal static class Rendezvous
{
    /// <summary>The owner among hosts of which each has the hash of its name; null when there are none.</summary>
    public static T? Owner<T>(ImmutableArray<T> hosts, Func<T, ulong> nameHash, string id) where T : class
    {
        if (hosts.Length <= 1) return hosts.Length == 0 ? null : hosts[0];
        ulong key = Hash(id);
        int best = 0;
        ulong heaviest = 0;
        for (int i = 0; i < hosts.Length; i++)
        {
            ulong weight = Mix(nameHash(hosts[i]) ^ (key * 0x9E3779B97F4A7C15));
            if (i > 0 && weight <= heaviest) continue;
            (best, heaviest) = (i, weight);
        }

        return hosts[best];
    }

    /// <summary>FNV-1a: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    public static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text) hash = (hash ^ c) * 1099511628211;
        return Mix(hash);
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
