using System.Collections.Immutable;

namespace LocalDapr.Actors;

/// <summary>Which replicas host which actor types; immutable, replaced as a whole.</summary>
internal sealed class PlacementTable(ImmutableDictionary<string, ImmutableArray<ActorTable>> hosts)
{
    public static PlacementTable Empty { get; } = new(ImmutableDictionary<string, ImmutableArray<ActorTable>>.Empty);

    public ActorTable? Owner(ActorAddress actor) =>
        hosts.TryGetValue(actor.Type, out var those) ? Rendezvous.Owner(those, static host => host.NameHash, actor.Id) : null;

    public bool Hosts(string type) => hosts.ContainsKey(type);

    public bool Hosts(ActorTable host, string type) => hosts.TryGetValue(type, out var those) && those.Contains(host);

    public PlacementTable With(ActorTable host, IEnumerable<string> types) => new(types.Aggregate(
        Without(host).All, (all, type) => all.SetItem(type, [.. all.GetValueOrDefault(type, []), host])));

    public PlacementTable Without(ActorTable host)
    {
        var left = hosts;
        foreach (var (type, those) in hosts)
        {
            if (!those.Contains(host)) continue;
            var rest = those.Remove(host);
            left = rest.IsEmpty ? left.Remove(type) : left.SetItem(type, rest);
        }

        return new(left);
    }

    private ImmutableDictionary<string, ImmutableArray<ActorTable>> All => hosts;
}
