using System.Collections.Immutable;

namespace LocalDapr.Actors;

/// <summary>Which replicas host which actor types; immutable, replaced as a whole.</summary>
internal sealed class PlacementTable(ImmutableDictionary<string, ImmutableArray<Sidecar>> hosts)
{
    public static PlacementTable Empty { get; } = new(ImmutableDictionary<string, ImmutableArray<Sidecar>>.Empty);

    public Sidecar? Owner(ActorAddress actor) =>
        hosts.TryGetValue(actor.Type, out var those) ? Rendezvous.Owner(those, static host => host.NameHash, actor.Id) : null;

    public bool Hosts(string type) => hosts.ContainsKey(type);

    public bool Hosts(Sidecar sidecar, string type) => hosts.TryGetValue(type, out var those) && those.Contains(sidecar);

    public PlacementTable With(Sidecar sidecar, IEnumerable<string> types) => new(types.Aggregate(
        Without(sidecar).All, (all, type) => all.SetItem(type, [.. all.GetValueOrDefault(type, []), sidecar])));

    public PlacementTable Without(Sidecar sidecar)
    {
        var left = hosts;
        foreach (var (type, those) in hosts)
        {
            if (!those.Contains(sidecar)) continue;
            var rest = those.Remove(sidecar);
            left = rest.IsEmpty ? left.Remove(type) : left.SetItem(type, rest);
        }

        return new(left);
    }

    private ImmutableDictionary<string, ImmutableArray<Sidecar>> All => hosts;
}
