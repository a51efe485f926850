using CsCheck;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Core.Tests.Simulation;

/// <summary>
/// Random worlds for properties. All worlds live once; each checks all properties, so that a property costs no run of its own.
/// </summary>
public sealed class Worlds
{
    /// <summary>Worlds per property in a normal run; the environment may ask for another number.</summary>
    public static int Count { get; } = int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_WORLDS"), out var count) ? count
        : 20_000;

    /// <summary>Of a test of size, which takes as long as all others; a run with so few worlds is meant to be over soon.</summary>
    public static void SkipSizeWhenFew() => Assert.SkipWhen(Count < 100, $"a test of size, and ORCHESTRATOR_WORLDS asks for only {Count}");

    public static ulong Seed { get; } = ulong.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_WORLDS_SEED"), out var seed) ? seed
        : 1;

    private static readonly Gen<ResourceAmount> Reserves = Any(
        new ResourceAmount(), new ResourceAmount(), new ResourceAmount(0.5), new ResourceAmount(1, ByteSize.Mi(200)));

    private static readonly Gen<UpdatePolicy> Updates =
        from parallelism in Gen.Int[1, 3]
        from order in Any<UpdateOrder?>(null, null, UpdateOrder.StartFirst, UpdateOrder.StopFirst)
        from monitor in Any(TimeSpan.Zero, TimeSpan.FromSeconds(2))
        from delay in Any(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(10))
        from onFailure in Any(FailureAction.Rollback, FailureAction.Rollback, FailureAction.Pause, FailureAction.Continue)
        from ratio in Any(0.0, 0.0, 0.4)
        select new UpdatePolicy { Parallelism = parallelism, Order = order, Monitor = monitor, Delay = delay, OnFailure = onFailure,
            MaxFailureRatio = ratio };

    private static readonly Gen<PlacementRules> Rules =
        from constraint in Any<string?>(null, null, null, "zone != a", "zone in (a, b)")
        from strategy in Any(PlacementStrategy.Spread, PlacementStrategy.Spread, PlacementStrategy.Binpack)
        from over in Any<string?>(null, null, "zone")
        from most in Any<int?>(null, null, null, 1, 2)
        from preference in Any(0, 0, 60, -60)
        select new PlacementRules
        {
            Constraints = constraint is null ? [] : [constraint], Strategy = strategy, SpreadOver = over, MaxPerWorker = most,
            Preferences = preference == 0 ? [] : [new PlacementPreference("gpu", preference)],
        };

    private static readonly Gen<JobSpec> Jobs =
        from completions in Any<int?>(null, 1, 2, 5)
        from parallelism in Any<int?>(null, 1, 2, 3)
        from attempts in Any<int?>(null, 1, 2)
        from deadline in Any<TimeSpan?>(null, null, TimeSpan.FromSeconds(30))
        from keep in Any<int?>(null, 0, 2)
        from schedule in Any(null, null, "*/5 * * * * *", "* * * * *")
        from overlap in Any<Overlap?>(null, Overlap.Forbid, Overlap.Allow, Overlap.Replace)
        select new JobSpec
        {
            Completions = completions, Parallelism = parallelism, Attempts = attempts, Deadline = deadline, Keep = keep,
            Schedule = schedule,
            Overlap = overlap, StartDeadline = schedule is null ? null : TimeSpan.FromMinutes(1),
        };

    internal static readonly Gen<ServiceSpec> Specs =
        from instances in Gen.Int[0, 6]
        from mode in Any(ServiceMode.Replicated, ServiceMode.Replicated, ServiceMode.Replicated, ServiceMode.Global, ServiceMode.Job)
        from port in Any<int?>(null, null, null, 8080)
        from address in Any(World.Addresses)
        from reserve in Reserves
        from volume in Any<VolumeMount?>(
            null, null, null, new VolumeMount("/srv/www", "/www"), new VolumeMount("data", "/data"),
            new VolumeMount("data", "/data", Exclusive: true, Affinity: VolumeAffinity.None))
        from update in Updates
        from rules in Rules
        from condition in Any(RestartCondition.Always, RestartCondition.Always, RestartCondition.OnFailure, RestartCondition.Never)
        from attempts in Any(0, 0, 3)
        from maxUnavailable in Gen.Int[1, 2]
        from rebalance in Any(Rebalancing.Off, Rebalancing.Off, Rebalancing.Auto)
        from job in Jobs
        let isJob = mode == ServiceMode.Job
        select new ServiceSpec
        {
            Container = new()
            {
                Image = "web:1", Ports = [new PortMapping(80, port, Address: address)], Resources = new Resources { Reserve = reserve },
                Volumes = volume is null ? [] : [volume],
            },
            Instances = isJob ? 1 : instances, Mode = mode, Job = isJob ? job : new(),
            Update = volume is { Exclusive: true } ? update with { Order = null } : update, Placement = rules,
            Restart = isJob ? new() : new RestartPolicy { Condition = condition, Attempts = attempts }, MaxUnavailable = maxUnavailable,
            Rebalance = isJob ? Rebalancing.Off : rebalance,
        };

    /// <summary>Turns and reports are frequent, or the rest would meet a service that never got anywhere.</summary>
    private static readonly Gen<HappeningKind> Kinds = Gen.Frequency(
        (6, Gen.Const(HappeningKind.Turn)), (3, Gen.Const(HappeningKind.TurnWithLosses)), (8, Gen.Const(HappeningKind.Reports)),
            (6, Gen.Const(HappeningKind.Progress)), (2, Gen.Const(HappeningKind.NoAnswer)),
        (3, Gen.Const(HappeningKind.TimePasses)), (3, Gen.Const(HappeningKind.NewImage)), (16, Gen.Enum<HappeningKind>()));

    private static readonly Gen<WorldScript> Scripts =
        from seed in Gen.Int[0, int.MaxValue - 1]
        from spec in Specs
        from workers in Gen.Int[0, 5]
        from happenings in Gen.Select(Kinds, Gen.Int[0, 1000], Gen.Int[0, 1000])
            .Select((kind, a, b) => new Happening(kind, a, b)).Array[0, 40]
        select new WorldScript(seed, spec, workers, new ValueList<Happening>(happenings));

    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Length, string Story)> broken = new(StringComparer.Ordinal);
    private int seen;

    public Worlds() => Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, Live);

    /// <summary>How many worlds have lived.</summary>
    public int Seen => seen;

    /// <summary>Every property that was broken, also those that no test asks for.</summary>
    public IEnumerable<string> BrokenProperties => broken.Keys;

    /// <summary>The shortest story of how a property was broken; none when it held in all worlds.</summary>
    public string? Broken(string property) => broken.TryGetValue(property, out var found) ? found.Story : null;

    internal static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>The same worlds in every run, so that a run means the same everywhere; another seed shows other worlds.</summary>
    private void Live(int stream)
    {
        var script = Scripts.Generate(new PCG((uint)stream, Seed), null, out _);
        List<(string Property, string Seen)> found;
        try
        {
            var world = new World(script);
            world.Settle();
            found = world.Broken;
        }
        catch (Exception e)
        {
            found = [("no world breaks the reconciler", e.ToString())];
        }

        lock (gate)
        {
            seen++;
            foreach (var (property, what) in found)
            {
                if (broken.TryGetValue(property, out var known) && known.Length <= script.Happenings.Count) continue;
                broken[property] = (script.Happenings.Count, $"{what}\n  in the world {script}");
            }
        }
    }
}
