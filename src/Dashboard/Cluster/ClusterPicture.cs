using System.Collections.Immutable;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Dashboard.Instances;

namespace Orchestrator.Dashboard.Cluster;

/// <summary>What runs where, out of what was read and what has been told since.</summary>
public sealed record ClusterPicture
{
    private const int MostLately = 40;

    private static readonly Comparer<Tile> BySlot = Comparer<Tile>.Create((left, right) =>
        string.CompareOrdinal(left.Service, right.Service) is not 0 and var service ? service
        : left.Slot != right.Slot ? left.Slot.CompareTo(right.Slot)
        : string.CompareOrdinal(left.Instance, right.Instance));

    public static ClusterPicture Empty { get; } = new();

    public ImmutableSortedDictionary<string, ServiceSummary> Services { get; private init; } =
        ImmutableSortedDictionary.Create<string, ServiceSummary>(StringComparer.Ordinal);

    /// <summary>By name of the instance.</summary>
    public ImmutableDictionary<string, Tile> Tiles { get; private init; } =
        ImmutableDictionary.Create<string, Tile>(StringComparer.Ordinal);

    /// <summary>What happened last, the newest first; bounded.</summary>
    public ImmutableList<ClusterEvent> Lately { get; private init; } = [];

    /// <summary>An event shows at once; what it leaves open is told when its service is read again.</summary>
    public ClusterPicture After(ClusterEvent it)
    {
        var next = Remembering(it);
        return it is { Kind: EventKind.Instance or EventKind.Health, Instance: { } instance, Service: { } service, Worker: { } worker }
            ? next with { Tiles = Changed(instance, service, worker, it) } : next;
    }

    /// <summary>It happened before anything was read: no news of any instance.</summary>
    public ClusterPicture Remembering(ClusterEvent it)
    {
        var lately = Lately.Insert(0, it);
        return this with { Lately = lately.Count > MostLately ? lately.RemoveAt(MostLately) : lately };
    }

    /// <summary>All services there are; instances of others are gone.</summary>
    public ClusterPicture With(IEnumerable<ServiceSummary> services)
    {
        var all = services.ToImmutableSortedDictionary(it => it.Name, it => it, StringComparer.Ordinal);
        var gone = Tiles.Values.Where(it => !all.ContainsKey(it.Service)).Select(it => it.Instance);
        return this with { Services = all, Tiles = Tiles.RemoveRange(gone) };
    }

    /// <summary>All instances of one service.</summary>
    public ClusterPicture With(ServiceView service) => this with
    {
        Tiles = Without(service.Name).Tiles.SetItems(
            service.Instances.Select(it => KeyValuePair.Create(it.Name, Tile.Of(service.Name, it)))),
    };

    public ClusterPicture Without(string service) =>
        this with { Tiles = Tiles.RemoveRange(Tiles.Values.Where(it => it.Service == service).Select(it => it.Instance)) };

    /// <summary>A lane for each worker by name, those of which only instances are known included.</summary>
    /// <param name="filter">Only instances in whose name this stands; empty takes all.</param>
    public IReadOnlyList<Lane> Lanes(IEnumerable<Member> members, string filter = "")
    {
        var workers = members.Where(it => it.Role == MemberRole.Worker).ToDictionary(it => it.Name, StringComparer.Ordinal);
        var tiles = Tiles.Values.Where(it => it.Instance.Contains(filter, StringComparison.Ordinal))
            .ToLookup(it => it.Worker, StringComparer.Ordinal);
        return [.. workers.Keys.Union(tiles.Select(it => it.Key)).Order(StringComparer.Ordinal)
            .Select(name => new Lane(name, workers.GetValueOrDefault(name), [.. tiles[name].Order(BySlot)]))];
    }

    private ImmutableDictionary<string, Tile> Changed(string instance, string service, string worker, ClusterEvent it)
    {
        // Nobody counts on it any more.
        if (it.Phase is null && it.Kind == EventKind.Instance) return Tiles.Remove(instance);
        var known = Tiles.GetValueOrDefault(instance);
        if (known is null && it.Phase is null or Phase.Exited) return Tiles;
        return Tiles.SetItem(instance, (known ?? new Tile
        {
            Instance = instance, Service = service, Slot = it.Slot ?? 0, Revision = it.Revision ?? 0, Worker = worker, Phase = Phase.Placed,
        }) with { Phase = it.Phase ?? known?.Phase ?? Phase.Placed, Health = it.Health ?? InstanceHealth.None, Readiness = it.Readiness });
    }
}

/// <param name="Member">None of a worker that is not listed, or not yet.</param>
public sealed record Lane(string Worker, Member? Member, IReadOnlyList<Tile> Tiles);
