using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>
/// Chooses workers for instances of one revision of one service: filter, then rank, then choose. Each choice is counted in the fleet, so
/// that a burst does not herd on the worker that was idle when it began. Looks at all workers up to a few hundred and at a sample of them
/// above.
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
    private readonly Zone[] zones;
    private readonly int[] preferred;
    private readonly byte[] image;
    private readonly uint[] ties;
    private readonly Dictionary<WorkerPolicy, Objection?> objections = [];

    /// <summary>By worker the zone it is in; none where nothing is spread.</summary>
    private readonly Zone?[] zoneOf;

    /// <summary>
    /// By the worker to be left (-1 for none) why there is no room; within a pass room only shrinks, so one search is enough for all
    /// slots.
    /// </summary>
    private readonly Dictionary<int, string> nowhere = [];

    /// <summary>The same for the place of an instance, by its worker.</summary>
    private readonly Dictionary<(int Avoid, int Worker), string> nowhereInPlace = [];

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
            if (RefusalOfWorker(workers[i]) != Rule.None) continue;
            eligible.Add(i);
            ties[i] = Names.Hash(workers[i].Name, seed);
            foreach (var (rule, weight) in preferences)
            {
                if (rule.Holds(workers[i])) preferred[i] += weight;
            }
        }

        zones = request.Rules.SpreadOver is { } label ? Zone.ByLabel(fleet, label, eligible) : [new Zone("", [.. eligible], [])];
        zoneOf = new Zone?[workers.Length];
        foreach (var zone in zones)
        {
            foreach (var worker in zone.Any) zoneOf[worker] = zone;
        }
    }

    /// <summary>
    /// Chooses a worker for the instance and counts it there; <paramref name="leaving"/> is a worker that it must not be.
    /// </summary>
    public Choice Place(string instance, string? leaving = null)
    {
        var avoid = leaving is null ? -1 : fleet.IndexOf(leaving);
        if (nowhere.ContainsKey(avoid)) return Choice.Nowhere;
        var choice = Find(instance, avoid);
        if (choice.Found) Take(choice.Worker);
        else nowhere[avoid] = Refusals(avoid);
        return choice;
    }

    /// <summary>
    /// Counts an instance on the one worker that is possible for it, as in a global service; or says by which rule it cannot be there.
    /// </summary>
    /// <param name="place">The instance in whose place it is to be; none beside all that are there.</param>
    /// <param name="why">By which rule it cannot be there, in words; empty when it can.</param>
    /// <param name="perWorker">Whether what is on the worker already counts against <c>maxPerWorker</c>.</param>
    public bool PlaceOn(int worker, Place? place, out string why, bool perWorker = false)
    {
        place?.Lift(fleet);
        var rule = RefusalOfWorker(fleet.Workers[worker]);
        if (rule == Rule.None) rule = RefusalOfRoom(worker, perWorker);
        why = rule == Rule.None ? "" : Words(rule, worker);
        place?.PutBack(fleet);
        if (rule == Rule.None) Take(worker, place);
        return rule == Rule.None;
    }

    /// <summary>
    /// Chooses a worker for a successor that starts when the instance in <paramref name="place"/> has ended, as if that one were not there,
    /// and counts it. The words are why there is none.
    /// </summary>
    public (Choice Choice, string Why) PlaceInPlace(string instance, Place place, string? leaving = null)
    {
        var avoid = leaving is null ? -1 : fleet.IndexOf(leaving);
        if (nowhereInPlace.TryGetValue((avoid, place.Worker), out var known)) return (Choice.Nowhere, known);
        place.Lift(fleet);
        var choice = Find(instance, avoid);
        var why = choice.Found ? Words(choice) : nowhereInPlace[(avoid, place.Worker)] = Refusals(avoid);
        place.PutBack(fleet);
        if (choice.Found) Take(choice.Worker, place);
        return (choice, why);
    }

    /// <summary>The worker on which an instance of the service costs most, -1 when it has none.</summary>
    public int WorstOff()
    {
        var worst = -1;
        var (instances, cost) = (0, 0.0);
        foreach (var zone in zones) zone.Count(fleet);
        for (var worker = 0; worker < fleet.Workers.Length; worker++)
        {
            if (fleet[worker].Here == 0) continue;
            var (inZone, score) = (Counted(worker), ScoreOf(worker).Total);
            if (worst >= 0 && (inZone < instances || inZone == instances && score <= cost)) continue;
            (worst, instances, cost) = (worker, inZone, score);
        }

        return worst;
    }

    /// <summary>
    /// What one instance would gain, in points, if it left the worker for the best other one; negative when it is best where it is.
    /// </summary>
    public double GainOfLeaving(int worker)
    {
        fleet.Lift(worker, request.Reserve, request.Ports);
        var stay = ScoreOf(worker).Total;
        var choice = Find("gain", worker);
        var staysInZone = Counted(worker);
        fleet.PutBack(worker, request.Reserve, request.Ports);
        if (!choice.Found) return double.NegativeInfinity;
        var emptier = staysInZone - choice.InZone;
        // Whatever a single worker would gain, the zones do not become less even for it.
        return emptier * PerZone + (emptier < 0 ? 0 : stay - choice.Score.Total);
    }

    /// <summary>
    /// The workers with room that would rank best for one more instance, and all others with the rule that refuses them; as if the
    /// instance on <paramref name="without"/> were not there.
    /// </summary>
    public (List<(int Worker, Score Score)> Ranked, List<(int Worker, Rule Rule)> Refused) Survey(int without = -1, int most = int.MaxValue)
    {
        if (without >= 0) fleet.Lift(without, request.Reserve, request.Ports);
        List<(int Worker, Score Score)> ranked = [];
        List<(int Worker, Rule Rule)> refused = [];
        for (var worker = 0; worker < fleet.Workers.Length; worker++)
        {
            var rule = Refusal(worker);
            if (rule == Rule.None) ranked.Add((worker, ScoreOf(worker)));
            else refused.Add((worker, rule));
        }

        foreach (var zone in zones) zone.Count(fleet);
        if (without >= 0) fleet.PutBack(without, request.Reserve, request.Ports);
        return ([.. ranked.Order(Comparer<(int Worker, Score Score)>.Create(Compare)).Take(most)], refused);
    }

    /// <summary>The emptier zone first, as it was counted last; in a zone the better score.</summary>
    private int Compare((int Worker, Score Score) a, (int Worker, Score Score) b)
    {
        if (Counted(a.Worker) != Counted(b.Worker)) return Counted(a.Worker).CompareTo(Counted(b.Worker));
        return IsBetter(a.Score, a.Worker, b.Score, b.Worker) ? -1 : a.Worker == b.Worker ? 0 : 1;
    }

    private static Constraint Parse(string text) =>
        Constraint.TryParse(text, out var constraint, out var problem)
            ? constraint
            : throw new InvalidOperationException($"the stored constraint '{text}' cannot be read: {problem}");

    private Choice Find(string instance, int avoid)
    {
        var seed = Names.Hash(instance, 0);
        if (request.Rules.SpreadOver is null) return Best(zones[0].Workers, avoid, seed);

        // The emptiest zone first; the next only when nothing there has room.
        foreach (var zone in zones) zone.Count(fleet);
        Array.Sort(zones, Zone.EmptierFirst);
        foreach (var zone in zones)
        {
            var choice = Best(zone.Workers, avoid, seed);
            if (choice.Found) return choice with { Zone = zone.Value, InZone = zone.Instances };
        }

        return Choice.Nowhere;
    }

    /// <summary>Instances in the worker's zone when the zones were counted last.</summary>
    private int Counted(int worker) => zoneOf[worker]?.Instances ?? 0;

    private Choice Best(int[] workers, int avoid, uint seed)
    {
        if (workers.Length <= RankAll) return Rank(workers, 0, 1, workers.Length, avoid);
        // A stride that shares no factor with the count visits every worker once: first the sample, then, if nothing in it has room, the
        // rest.
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
            if (worker == avoid || RefusalOfRoom(worker, perWorker: true) != Rule.None) continue;
            return new Choice(worker, ScoreOf(worker), -1, default, n + 1);
        }

        return Choice.Nowhere;
    }

    /// <summary>
    /// Equal scores are told apart by the names of service and worker, so that different services do not all begin with the same worker.
    /// </summary>
    private bool IsBetter(in Score score, int worker, in Score than, int other) =>
        score.Total != than.Total ? score.Total < than.Total : ties[worker] != ties[other] ? ties[worker] < ties[other] : worker < other;

    private void Take(int worker, Place? place = null)
    {
        if (place?.Worker == worker) fleet.HoldsInPlace(worker, request.Ports);
        else fleet.Holds(worker, leaving: false, request.Ports);
        fleet.Expect(worker, place?.Worker == worker ? request.Reserve.Beyond(place.Reserve) : request.Reserve);
    }
}
