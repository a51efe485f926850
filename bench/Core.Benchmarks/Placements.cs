using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;

namespace Orchestrator.Core.Benchmarks;

/// <summary>
/// Places instances on simulated workers, in the shapes of SwarmKit's scheduler benchmarks; filters, ranks, chooses and writes the reason.
/// </summary>
internal static class Placements
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Measure()
    {
        foreach (var (workers, instances) in new[] { (1_000, 1_000), (1_000, 100_000), (5_000, 1_000), (5_000, 100_000), (100_000, 1_000),
            (100_000, 100_000) })
        {
            var time = Time(workers, instances, new PlacementRules());
            Figures.Print($"place_{instances}_on_{workers}_workers_ms", time.TotalMilliseconds, "ms");
            if (instances == 100_000)
                Figures.Print($"placements_per_second_{workers}_workers", instances / time.TotalSeconds, "placements/s");
        }

        var zones = Time(1_000, 100_000,
            new PlacementRules { SpreadOver = "zone", Constraints = ["disk != hdd"], Preferences = [new PlacementPreference("gpu", 50)] });
        Figures.Print("placements_per_second_1000_workers_zones_and_constraints", 100_000 / zones.TotalSeconds, "placements/s");
    }

    public static ValueList<Worker> Workers(int count) => Enumerable.Range(0, count).Select(i => new Worker
    {
        Name = $"worker-{i:D6}",
        Labels = ValueMap.Of(("zone", $"z{i % 3}"), ("disk", i % 10 == 0 ? "hdd" : "ssd"), (i % 7 == 0 ? "gpu" : "plain", "yes")),
        Capacity = new WorkerCapacity(256, ByteSize.Mi(1 << 20)),
        Load = new WorkerLoad { Cpu = i % 17 / 20.0, Memory = i % 13 / 20.0, Instances = i % 5, Reserved = new ResourceAmount(i % 5) },
        ReportedAt = Now,
    }).ToValueList();

    private static TimeSpan Time(int workers, int instances, PlacementRules rules)
    {
        var all = Workers(workers);
        var request = PlacementRequest.Of(
            "web", new() { Image = "web:1", Resources = new Resources { Reserve = new ResourceAmount(0.1, ByteSize.Mi(64)) } }, rules, []);
        var names = Enumerable.Range(1, instances).Select(i => $"web-{i}-r1-a1").ToArray();
        return Figures.Median(() => all, them =>
        {
            var placer = new Placer(new Fleet(them), request);
            var reasons = 0;
            foreach (var name in names)
            {
                var choice = placer.Place(name);
                if (!choice.Found) throw new InvalidOperationException($"{name} found no worker: {placer.WhyNowhere()}");
                reasons += placer.Words(choice).Length;
            }

            if (reasons == 0) throw new InvalidOperationException("no reasons were written");
        });
    }
}
