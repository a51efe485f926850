using System.Text.Json.Nodes;
using CsCheck;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>After any number of updates and restarts of a calm cluster the spread is the best that there is.</summary>
public sealed class SpreadProperties
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    private static readonly Gen<(ServiceSpec Spec, int Workers, int[] Changes)> Stories =
        from instances in Gen.Int[1, 8]
        from workers in Gen.Int[1, 5]
        from parallelism in Gen.Int[1, 3]
        from order in Worlds.Any<UpdateOrder?>(null, UpdateOrder.StopFirst)
        from changes in Gen.Int[0, 9].Array[1, 8]
        select (new ServiceSpec
        {
            Container = new() { Image = "web:1" }, Instances = instances,
            Update = new UpdatePolicy { Parallelism = parallelism, Order = order },
        }, workers, changes);

    [Fact]
    public void Updates_and_restarts_leave_the_spread_even()
    {
        for (var stream = 0u; stream < Math.Max(8, Worlds.Count / 50); stream++)
            Live(Stories.Generate(new PCG(stream, Worlds.Seed), null, out _));
    }

    private static void Live((ServiceSpec Spec, int Workers, int[] Changes) story)
    {
        var cluster = new CalmCluster(Names[..story.Workers]);
        cluster.Create(story.Spec);
        cluster.Pass(TimeSpan.FromMinutes(1));
        foreach (var change in story.Changes)
        {
            if (change == 9) cluster.Set($$"""{"instances":{{1 + cluster.Record!.Slots.Count % 8}}}""");
            cluster.Change(change % 2 == 0 ? new RestartInstances() : new UpdateService(new JsonObject { ["image"] = $"web:{change}" }));
            cluster.Pass(TimeSpan.FromMinutes(2));
            var counts = cluster.Workers.Select(w => cluster.Record!.Instances.Count(i => i.Worker == w.Name)).ToList();
            Assert.True(counts.Max() - counts.Min() <= 1, $"spread {string.Join(" ", counts)}");
        }
    }
}
