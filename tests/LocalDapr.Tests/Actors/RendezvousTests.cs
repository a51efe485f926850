using System.Collections.Immutable;
using LocalDapr.Actors;

namespace LocalDapr.Tests.Actors;

public sealed class RendezvousTests
{
    private static readonly ImmutableArray<string> Three = ["master-1", "master-2", "master-3"];

    [Fact]
    public void The_owner_is_the_same_in_every_process() =>
        Assert.Equal(
            ["master-2", "master-2", "master-3", "master-3", "master-3", "master-3"],
            new[] { "web", "api", "shop", "mail", "log", "search" }.Select(id => Owner(Three, id)));

    [Fact]
    public void The_order_of_the_hosts_does_not_matter() =>
        Assert.All(Ids, id => Assert.Equal(Owner(Three, id), Owner([.. Three.Reverse()], id)));

    [Fact]
    public void Every_host_gets_about_its_share() =>
        Assert.All(Ids.CountBy(id => Owner(Three, id)!), share => Assert.InRange(share.Value, 2_900, 3_800));

    [Fact]
    public void A_host_that_leaves_moves_only_its_own_actors() =>
        Assert.All(
            Ids.Where(id => Owner(Three, id) != "master-2"),
            id => Assert.Equal(Owner(Three, id), Owner(["master-1", "master-3"], id)));

    [Fact]
    public void Without_hosts_there_is_no_owner() => Assert.Null(Owner([], "web"));

    private static IEnumerable<string> Ids => Enumerable.Range(0, 10_000).Select(i => $"service-{i}");

    private static string? Owner(ImmutableArray<string> hosts, string id) => Rendezvous.Owner(hosts, Rendezvous.Hash, id);
}
