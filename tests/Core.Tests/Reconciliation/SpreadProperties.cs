using System.Text.Json.Nodes;
using CsCheck;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>
/// After any number of updates and restarts the spread is the best that there is, whatever happened to workers and instances before.
/// </summary>
public sealed class SpreadProperties
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    private static readonly Gen<(ServiceSpec Spec, int Workers, int[] Changes)> Stories =
        from instances in Gen.Int[1, 8]
        from workers in Gen.Int[1, 5]
        from parallelism in Gen.Int[1, 3]
        from order in Worlds.Any<UpdateOrder?>(null, UpdateOrder.StopFirst)
        from changes in Gen.Int[0, 14].Array[1, 8]
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
        foreach (var (at, change) in story.Changes.Index())
        {
            Disturb(cluster, change);
            if (change == 9) cluster.Set($$"""{"instances":{{1 + cluster.Record!.Slots.Count % 8}}}""");
            cluster.Change(change % 2 == 0 ? new RestartInstances() : new UpdateService(new JsonObject { ["image"] = $"web:{at + 2}" }));
            cluster.Pass(TimeSpan.FromMinutes(4));
            var counts = cluster.Workers.Select(w => cluster.Record!.Instances.Count(i => i.Worker == w.Name)).ToList();
            var told = $"{string.Join(' ', counts)} after change {at} of {string.Join(' ', story.Changes)} with {story.Spec}";
            Assert.True(counts.Max() - counts.Min() <= 1, $"spread {told}");
        }
    }

    /// <summary>What leaves the spread uneven: a worker is lost or drained and comes back, an instance ends, a worker joins.</summary>
    private static void Disturb(CalmCluster cluster, int change)
    {
        var worker = cluster.Workers[change % cluster.Workers.Count].Name;
        switch (change)
        {
            case 10 or 11: While(cluster, worker, w => w with { Health = WorkerHealth.Lost }); break;
            case 12: While(cluster, worker, w => w with { Draining = true }); break;
            case 13: cluster.Kill(cluster.Record!.Instances[0].Name, cause: EndCause.Engine); break;
            case 14 when cluster.Workers.Count < Names.Length:
                cluster.Workers.Add(CalmCluster.NewWorker(Names[cluster.Workers.Count]));
                break;
            default: return;
        }

        cluster.Pass(TimeSpan.FromMinutes(1));
    }

    private static void While(CalmCluster cluster, string worker, Func<Worker, Worker> happens)
    {
        var before = cluster.Workers.Single(w => w.Name == worker);
        cluster.Edit(worker, happens);
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Edit(worker, _ => before);
    }
}
