using System.Collections.Immutable;

namespace LocalDapr.Invocation;

/// <summary>Which replicas there are of an app id.</summary>
internal sealed class AppDirectory
{
    private ImmutableArray<Sidecar> sidecars = [];

    public void Add(Sidecar sidecar) => ImmutableInterlocked.Update(ref sidecars, all => all.Add(sidecar));

    public void Remove(Sidecar sidecar) => ImmutableInterlocked.Update(ref sidecars, all => all.Remove(sidecar));

    public bool Knows(string appId)
    {
        foreach (var one in sidecars)
        {
            if (one.AppId == appId) return true;
        }

        return false;
    }

    /// <summary>One healthy replica by chance; for its own app id the caller itself, as daprd does. Null when there is none.</summary>
    public Sidecar? Pick(Sidecar caller, string appId)
    {
        if (caller.AppId == appId && caller.Options.AppPort > 0) return caller.AppHealthy ? caller : null;
        Sidecar? chosen = null;
        int seen = 0;
        foreach (var one in sidecars)
        {
            // Each of n candidates stays the choice with 1/n.
            if (one.AppId == appId && one.AppHealthy && Random.Shared.Next(++seen) == 0) chosen = one;
        }

        return chosen;
    }
}
