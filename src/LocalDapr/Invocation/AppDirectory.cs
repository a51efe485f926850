using System.Collections.Immutable;
using LocalDapr.Apps;

namespace LocalDapr.Invocation;

/// <summary>Which replicas there are of an app id.</summary>
/// <param name="dice">Numbers from 0 to below 1.</param>
internal sealed class AppDirectory(Func<double> dice)
{
    private ImmutableArray<App> replicas = [];

    public void Add(App replica) => ImmutableInterlocked.Update(ref replicas, all => all.Add(replica));

    public void Remove(App replica) => ImmutableInterlocked.Update(ref replicas, all => all.Remove(replica));

    public bool Knows(string appId)
    {
        foreach (var one in replicas)
        {
            if (one.Id == appId) return true;
        }

        return false;
    }

    /// <summary>One healthy replica by chance; for its own app id the caller itself, as daprd does. Null when there is none.</summary>
    public App? Pick(App caller, string appId)
    {
        if (caller.Id == appId && caller.Options.Port > 0) return caller.Watch.Healthy ? caller : null;
        App? chosen = null;
        int seen = 0;
        foreach (var one in replicas)
        {
            // Each of n candidates stays the choice with 1/n.
            if (one.Id == appId && one.Watch.Healthy && dice() * ++seen < 1) chosen = one;
        }

        return chosen;
    }
}
