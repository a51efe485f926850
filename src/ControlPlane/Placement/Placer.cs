using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>
/// Chooses workers for instances of one revision of one service: filter, then rank, then choose. Each choice is counted in the fleet, so that a
/// burst does not herd on the worker that was idle when it began. Looks at all workers up to a few hundred and at a sample of them above.
/// </summary>
internal sealed partial class Placer
{
    /// <summary>Up to so many eligible workers all are ranked.</summary>
    public const int RankAll = 300;

    /// <summary>Above that so many, drawn by the name of the instance.</summary>
    public const int Sample = 24;

    /// <summary>A zone with one instance less outweighs everything else.</summary>
    private const double PerZone = 1000;

    private readonly Fleet fleet;
    private readonly PlacementRequest request;
    private readonly Constraint[] constraints;
    private readonly (Constraint Rule, int Weight)[] preferences;
    private readonly Group[] groups;
    private readonly int[] preferred;
    private readonly byte[] image;
    private readonly uint[] ties;

    /// <summary>By worker the zone it is in; none where nothing is spread.</summary>
    private readonly Group?[] zones;

    /// <summary>By the worker to be left (-1 for none) why there is no room; within a turn room only shrinks, so one search is enough for all slots.</summary>
    private readonly Dictionary<int, string> nowhere = [];

    public Placer(Fleet fleet, PlacementRequest request)
    {
        this.fleet = fleet;
        this.request = request;
        constraints = [.. request.Rules.Constraints.Select(Parse)];
        preferences = [.. request.Rules.Preferences.Select(p => (Parse(p.Rule), p.Weight))];
        var workers = fleet.Workers;
        preferred = new int[workers.Length];
        image = new byte[workers.Length];
        ties = new uint[workers.Length];
        var seed = Names.Hash(request.Service, 0);
        List<int> eligible = new(workers.Length);
        for (var i = 0; i < workers.Length; i++)
        {
            if (StandingRefusal(workers[i]) != Rule.None) continue;
            eligible.Add(i);
            ties[i] = Names.Hash(workers[i].Name, seed);
            foreach (var (rule, weight) in preferences)
            {
                if (rule.Holds(workers[i])) preferred[i] += weight;
            }
        }

        groups = request.Rules.SpreadOver is { } label ? ByLabel(label, eligible) : [new Group("", [.. eligible], [])];
        zones = new Group?[workers.Length];
        foreach (var group in groups)
        {
            foreach (var worker in group.Any) zones[worker] = group;
        }
    }

    /// <summary>Workers that pass the rules which no single placement changes.</summary>
    public int Eligible => groups.Sum(g => g.Workers.Length);

    /// <summary>Chooses a worker for the instance and counts it there; <paramref name="leaving"/> is a worker that it must not be.</summary>
    public Choice Place(string instance, string? leaving = null)
    {
        var avoid = leaving is null ? -1 : fleet.IndexOf(leaving);
        if (nowhere.ContainsKey(avoid)) return Choice.Nowhere;
        var choice = Find(instance, avoid);
        if (choice.Found) Take(choice.Worker);
        else nowhere[avoid] = Refusals(avoid);
        return choice;
    }

    /// <summary>Counts an instance on the one worker that is possible for it, as in a global service; or says by which rule it cannot be there.</summary>
    public Rule PlaceOn(int worker)
    {
        var rule = StandingRefusal(fleet.Workers[worker]);
        if (rule == Rule.None) rule = RefusalOfRoom(worker, perWorker: false);
        if (rule == Rule.None) Take(worker);
        return rule;
    }

    /// <summary>The first rule that a worker fails, or none.</summary>
    public Rule Refusal(int worker, int avoid = -1)
    {
        var rule = StandingRefusal(fleet.Workers[worker]);
        return rule != Rule.None ? rule : worker == avoid ? Rule.Elsewhere : RefusalOfRoom(worker, perWorker: true);
    }

    /// <summary>True while the worker passes the rules of the wish itself, whatever its state: otherwise what runs there has to leave.</summary>
    public bool Suits(int worker)
    {
        foreach (var constraint in constraints)
        {
            if (!constraint.Holds(fleet.Workers[worker])) return false;
        }

        return true;
    }

    public Score ScoreOf(int worker)
    {
        ref readonly var seen = ref fleet[worker];
        var load = LoadOf(fleet.Workers[worker], seen);
        var hasImage = HasImage(worker);
        var binpack = request.Rules.Strategy == PlacementStrategy.Binpack;
        // Live load swings; in steps of a twentieth it does not decide between workers that are as good as equal.
        var step = Math.Round(load * 20) / 20;
        var total = (binpack ? -Score.PerFullness * FullnessOf(fleet.Workers[worker], seen) : Score.PerInstance * seen.Here + Score.PerLoad * step)
            - preferred[worker] - (hasImage ? Score.Image : 0) + Score.PerFailure * seen.Failing;
        return new Score(total, seen.Here, load, preferred[worker], hasImage, seen.Failing);
    }

    /// <summary>The worker on which an instance of the service costs most, -1 when it has none.</summary>
    public int WorstOff()
    {
        var worst = -1;
        var (zone, cost) = (0, 0.0);
        foreach (var group in groups) group.Count(fleet);
        for (var worker = 0; worker < fleet.Workers.Length; worker++)
        {
            if (fleet[worker].Here == 0) continue;
            var (inZone, score) = (Counted(worker), ScoreOf(worker).Total);
            if (worst >= 0 && (inZone < zone || inZone == zone && score <= cost)) continue;
            (worst, zone, cost) = (worker, inZone, score);
        }

        return worst;
    }

    /// <summary>What one instance would gain, in points, if it left the worker for the best other one; negative when it is best where it is.</summary>
    public double GainOfLeaving(int worker)
    {
        fleet.Lift(worker, request.Reserve);
        var stay = ScoreOf(worker).Total;
        var choice = Find("gain", worker);
        var staysInZone = Counted(worker);
        fleet.PutBack(worker, request.Reserve);
        if (!choice.Found) return double.NegativeInfinity;
        var emptier = staysInZone - choice.InZone;
        // Whatever a single worker would gain, the zones do not become less even for it.
        return emptier * PerZone + (emptier < 0 ? 0 : stay - choice.Score.Total);
    }

    /// <summary>The workers with room that would rank best for one more instance, and all others with the rule that refuses them; as if the instance on <paramref name="without"/> were not there.</summary>
    public (List<(int Worker, Score Score)> Ranked, List<(int Worker, Rule Rule)> Refused) Survey(int without = -1, int most = int.MaxValue)
    {
        if (without >= 0) fleet.Lift(without, request.Reserve);
        List<(int Worker, Score Score)> ranked = [];
        List<(int Worker, Rule Rule)> refused = [];
        for (var worker = 0; worker < fleet.Workers.Length; worker++)
        {
            var rule = Refusal(worker);
            if (rule == Rule.None) ranked.Add((worker, ScoreOf(worker)));
            else refused.Add((worker, rule));
        }

        foreach (var group in groups) group.Count(fleet);
        if (without >= 0) fleet.PutBack(without, request.Reserve);
        var order = Comparer<(int Worker, Score Score)>.Create((a, b) =>
            Counted(a.Worker) != Counted(b.Worker) ? Counted(a.Worker).CompareTo(Counted(b.Worker)) : IsBetter(a.Score, a.Worker, b.Score, b.Worker) ? -1 : a.Worker == b.Worker ? 0 : 1);
        return ([.. ranked.Order(order).Take(most)], refused);
    }

    private static Constraint Parse(string text) =>
        Constraint.TryParse(text, out var constraint, out var problem)
            ? constraint
            : throw new InvalidOperationException($"the stored constraint '{text}' cannot be read: {problem}");

    private Choice Find(string instance, int avoid)
    {
        var seed = Names.Hash(instance, 0);
        if (request.Rules.SpreadOver is null) return Best(groups[0].Workers, avoid, seed);

        // The emptiest zone first; the next only when nothing there has room.
        foreach (var group in groups) group.Count(fleet);
        Array.Sort(groups, static (a, b) => a.Instances != b.Instances ? a.Instances - b.Instances : string.CompareOrdinal(a.Value, b.Value));
        foreach (var group in groups)
        {
            var choice = Best(group.Workers, avoid, seed);
            if (choice.Found) return choice with { Zone = group.Value, InZone = group.Instances };
        }

        return Choice.Nowhere;
    }

    /// <summary>Instances in the worker's zone when the zones were counted last.</summary>
    private int Counted(int worker) => zones[worker]?.Instances ?? 0;

    private Choice Best(int[] workers, int avoid, uint seed)
    {
        if (workers.Length <= RankAll) return Rank(workers, 0, 1, workers.Length, avoid);
        // A stride that shares no factor with the count visits every worker once: first the sample, then, if nothing in it has room, the rest.
        var start = (int)(seed % (uint)workers.Length);
        var stride = Names.Stride(workers.Length, seed);
        var choice = Rank(workers, start, stride, Sample, avoid);
        return choice.Found ? choice : FirstThatFits(workers, start, stride, avoid);
    }

    private Choice Rank(int[] workers, int start, int stride, int count, int avoid)
    {
        var best = -1;
        var next = best;
        var (bestScore, nextScore) = (default(Score), default(Score));
        var (at, looked) = (start, 0);
        for (var n = 0; n < count; n++)
        {
            var worker = workers[at];
            at = (int)(((long)at + stride) % workers.Length);
            if (worker == avoid || RefusalOfRoom(worker, perWorker: true) != Rule.None) continue;
            looked++;
            var score = ScoreOf(worker);
            if (best < 0 || IsBetter(score, worker, bestScore, best))
            {
                (next, nextScore) = (best, bestScore);
                (best, bestScore) = (worker, score);
            }
            else if (next < 0 || IsBetter(score, worker, nextScore, next))
            {
                (next, nextScore) = (worker, score);
            }
        }

        return new Choice(best, bestScore, next, nextScore, looked);
    }

    private Choice FirstThatFits(int[] workers, int start, int stride, int avoid)
    {
        var at = start;
        for (var n = 0; n < workers.Length; n++)
        {
            var worker = workers[at];
            at = (int)(((long)at + stride) % workers.Length);
            if (worker != avoid && RefusalOfRoom(worker, perWorker: true) == Rule.None) return new Choice(worker, ScoreOf(worker), -1, default, n + 1);
        }

        return Choice.Nowhere;
    }

    /// <summary>Equal scores are told apart by the names of service and worker, so that different services do not all begin with the same worker.</summary>
    private bool IsBetter(in Score score, int worker, in Score than, int other) =>
        score.Total != than.Total ? score.Total < than.Total : ties[worker] != ties[other] ? ties[worker] < ties[other] : worker < other;

    private void Take(int worker)
    {
        fleet.Holds(worker, leaving: false, request.Ports);
        fleet.Expect(worker, request.Reserve);
    }

    private Rule StandingRefusal(Worker worker)
    {
        if (worker.Health != WorkerHealth.Ready) return Rule.Ready;
        if (worker.Draining) return Rule.Draining;
        foreach (var exclusion in request.Exclusions)
        {
            if (exclusion.Worker == worker.Name) return Rule.Excluded;
        }

        foreach (var constraint in constraints)
        {
            if (!constraint.Holds(worker)) return Rule.Constraint;
        }

        return Rule.None;
    }

    private Rule RefusalOfRoom(int worker, bool perWorker)
    {
        var it = fleet.Workers[worker];
        ref readonly var seen = ref fleet[worker];
        if (perWorker && request.Rules.MaxPerWorker is { } most && seen.Present >= most) return Rule.MaxPerWorker;
        if (request.HasHostPorts && TakenPort(it, seen) is not null) return Rule.HostPort;
        if (request.Reserve.Cpu > 0 && it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu > it.Capacity.Cpu + 1e-9) return Rule.Cpu;
        if (request.Reserve.Memory.Bytes > 0 && it.Load.Reserved.Memory.Bytes + seen.Memory + request.Reserve.Memory.Bytes > it.Capacity.Memory.Bytes) return Rule.Memory;
        return Rule.None;
    }

    private int? TakenPort(Worker worker, in Fleet.Tally seen)
    {
        foreach (var port in request.Ports.AsSpan())
        {
            if (port.Host is null) continue;
            var host = port.Host.Value;
            if (seen.Ports?.Contains(host) == true) return host;
            if (worker.HostPorts.AsSpan().Contains(host) && seen.Freed?.Contains(host) != true) return host;
        }

        return null;
    }

    private bool HasImage(int worker)
    {
        if (image[worker] == 0) image[worker] = fleet.Workers[worker].Images.AsSpan().Contains(request.Image) ? (byte)1 : (byte)2;
        return image[worker] == 1;
    }

    private static double LoadOf(Worker worker, in Fleet.Tally seen)
    {
        var live = Math.Clamp(Math.Max(worker.Load.Cpu, worker.Load.Memory), 0, 1);
        // What is on its way and reserves nothing still will need something: a fortieth of the machine is a guess that keeps bursts apart.
        return Math.Clamp((live + FullnessOf(worker, seen)) / 2 + seen.OnTheWay / 40.0, 0, 1);
    }

    private static double FullnessOf(Worker worker, in Fleet.Tally seen)
    {
        var cpu = worker.Capacity.Cpu > 0 ? (worker.Load.Reserved.Cpu + seen.Cpu) / worker.Capacity.Cpu : 0;
        var memory = worker.Capacity.Memory.Bytes > 0 ? (double)(worker.Load.Reserved.Memory.Bytes + seen.Memory) / worker.Capacity.Memory.Bytes : 0;
        var used = Math.Clamp(Math.Max(cpu, memory), 0, 1);
        // Without reservations fullness is told by the number of instances, which never reaches 1.
        var count = worker.Load.Instances + seen.OnTheWay;
        return used > 0 ? used : count / (count + 100.0);
    }

    private Group[] ByLabel(string label, List<int> eligible)
    {
        var all = new SortedDictionary<string, (List<int> Eligible, List<int> Any)>(StringComparer.Ordinal);
        for (var i = 0; i < fleet.Workers.Length; i++)
        {
            var value = fleet.Workers[i].Labels[label] ?? "";
            if (!all.TryGetValue(value, out var group)) all[value] = group = ([], []);
            group.Any.Add(i);
        }

        foreach (var i in eligible) all[fleet.Workers[i].Labels[label] ?? ""].Eligible.Add(i);
        return [.. all.Select(g => new Group(g.Key, [.. g.Value.Eligible], [.. g.Value.Any]))];
    }

    /// <summary>The workers that share a value of the label to spread over.</summary>
    private sealed class Group(string value, int[] workers, int[] any)
    {
        public string Value => value;

        public int[] Workers => workers;

        /// <summary>Those and the ones that are not eligible: what runs there counts.</summary>
        public int[] Any => any;

        public int Instances { get; private set; }

        public void Count(Fleet fleet)
        {
            Instances = 0;
            foreach (var worker in any) Instances += fleet[worker].Here;
        }
    }
}
