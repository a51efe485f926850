using Conformance.Promises;
using Conformance.Workflows;
using Conformance.World;
using Dapr.Workflow;

namespace Conformance.Failover;

/// <summary>A replica that works for workflows is stopped.</summary>
[Collection(OneAtATime.Name)]
public sealed class WorkflowTakeoverTests(DaprWorld world) : IAsyncLifetime
{
    private readonly Client _client = new(world.A1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in world.Replicas) await replica.StartIfStopped(CancellationToken.None);
        foreach (var replica in world.Replicas) await DaprWorld.Ready(replica, CancellationToken.None);
    }

    [Fact, Holds("11.6", "What a stopped replica was doing is done again by the other, as the same execution; nothing is lost")]
    public async Task What_a_stopped_replica_was_doing_is_done_by_the_other()
    {
        var ids = new List<string>();
        for (int i = 0; i < 8; i++) ids.Add(await _client.Start("Slow", 2000));
        await Eventually.Become(
            () => string.Join(" | ", ids.SelectMany(Journal.Of)), all => all.Contains(" on a2", StringComparison.Ordinal),
            TimeSpan.FromSeconds(15), "a2 does some of it", Cancel);
        await world.A2.StopApp();
        foreach (string id in ids)
        {
            var end = await _client.End(id);
            Assert.Equal((WorkflowRuntimeStatus.Completed, "did the rest"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
            var naps = Journal.Of(id).Where(line => line.StartsWith("nap", StringComparison.Ordinal)).ToList();
            Assert.Single(naps.Select(line => line.Split(" on ")[0]).Distinct());
            Assert.Contains(naps, line => line.EndsWith(" on a1", StringComparison.Ordinal) || naps.Count == 1);
        }
    }
}
