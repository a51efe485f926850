using CsCheck;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Answers;

/// <summary>
/// A dry run is no estimate: in a cluster in which nothing else happens the real run takes the same steps in the same order.
/// </summary>
public sealed class DryRunProperties
{
    /// <summary>Each is several runs long.</summary>
    private static int Clusters => Math.Max(8, Worlds.Count / 10);

    /// <summary>Seven slots one after the other, each with its pauses.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(3);

    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    private static readonly Gen<ServiceChange> Changes = Worlds.Any<ServiceChange>(
        new UpdateService(new() { ["instances"] = 0 }), new UpdateService(new() { ["instances"] = 2 }),
            new UpdateService(new() { ["instances"] = 7 }),
        new UpdateService(new() { ["image"] = "web:2" }), new UpdateService(new() { ["image"] = "web:3", ["instances"] = 4 }),
            new UpdateService(new() { ["env"] = new System.Text.Json.Nodes.JsonObject { ["A"] = "1" } }),
        new UpdateService(
            new() { ["placement"] = new System.Text.Json.Nodes.JsonObject { ["constraints"] = new System.Text.Json.Nodes.JsonArray(
            "zone != b") } }),
        new RestartInstances(), new RollBack(), new RebalanceInstances(), new WithdrawService(), new RunJob());

    private static readonly Gen<Worker[]> Workers =
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4], Gen.Double[0, 1])
            .Select((kind, cpu, load) => (Kind: kind, Cpu: cpu, Load: load)).Array[1, 5]
            .Select(drawn => drawn.Select((it, at) => CalmCluster.NewWorker(Names[at]) with
        {
            Capacity = new WorkerCapacity(it.Cpu, ByteSize.Mi(1024)),
            Load = new WorkerLoad { Cpu = it.Load },
            Labels = it.Kind switch { 0 => ValueMap.Empty, 1 => ValueMap.Of(("zone", "a")), 2 => ValueMap.Of(("zone", "b")), _ =>
                ValueMap.Of(("zone", "c"), ("gpu", "1")) },
        }).ToArray());

    private static readonly Gen<Story> Stories = Gen.Select(Worlds.Specs, Workers, Changes.Array[1, 3], Gen.Int[0, 4])
        .Select(drawn => new Story(
            drawn.Item1 with { Rebalance = Rebalancing.Off, Job = drawn.Item1.Job with { Deadline = null } },
            drawn.Item2, drawn.Item3, drawn.Item4));

    /// <summary>
    /// Moves that nobody asked for, and the end of a job that takes too long, come when their time has come and are no consequence of a
    /// change, so here are none.
    /// </summary>
    private sealed record Story(ServiceSpec Spec, Worker[] Workers, ServiceChange[] Changes, int Drained);

    [Fact]
    public void The_real_run_takes_exactly_the_steps_of_the_dry_run()
    {
        var steps = 0;
        List<string> broken = [];
        Parallel.For(0, Clusters, new ParallelOptions { MaxDegreeOfParallelism = 2 }, stream =>
        {
            var story = Stories.Generate(new PCG((uint)stream, Worlds.Seed), null, out _);
            foreach (var (what, told, taken) in Live(story))
            {
                Interlocked.Add(ref steps, taken.Count);
                if (told.SequenceEqual(taken)) continue;
                lock (broken) broken.Add(
                    $"cluster {stream}, {what}: told {string.Join("; ", told)}\n  and done {string.Join("; ", taken)}");
            }
        });
        Assert.True(broken.Count == 0, $"{broken.Count} differ; the shortest: {broken.MinBy(b => b.Length)}");
        Assert.True(steps > Clusters, $"only {steps} steps in {Clusters} clusters");
    }

    /// <summary>What each wish of the story was told to cause, and what it caused.</summary>
    private static IEnumerable<(string What, List<string> Told, List<string> Taken)> Live(Story story)
    {
        var cluster = new CalmCluster();
        cluster.Workers.AddRange(story.Workers);
        foreach (var change in story.Changes.Prepend(new CreateService(story.Spec)))
        {
            var before = cluster.Record;
            if (cluster.Ask(change) is not { Outcome: ServiceOutcome.Done }) continue;
            yield return ($"{change}", Told(DryRun.Of(before, cluster.Situation)), Taken(cluster));
        }

        if (cluster.Record!.Withdrawn) yield break;
        var leaving = story.Workers[story.Drained % story.Workers.Length].Name;
        var told = Told(DryRun.OfDrain(cluster.Situation, new DrainQuestion(leaving, [])).Plan);
        cluster.Edit(leaving, w => w with { Draining = true });
        yield return ($"drain of {leaving}", told, Taken(cluster));
    }

    private static List<string> Told(PlanView plan) =>
        [.. plan.Steps.Where(s => s.Instance.Length > 0).Select(s => $"{s.Kind} {s.Instance} on {s.Worker}")];

    private static List<string> Taken(CalmCluster cluster)
    {
        cluster.Orders.Clear();
        cluster.Pass(LongEnough);
        return [.. cluster.Orders];
    }
}
