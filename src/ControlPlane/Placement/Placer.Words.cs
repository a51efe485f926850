using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>What the placer says: why this worker, why not that one, why none.</summary>
internal sealed partial class Placer
{
    /// <summary>Why a worker was refused, in words and with the figures.</summary>
    public string Words(Rule rule, int worker)
    {
        var it = fleet.Workers[worker];
        ref readonly var seen = ref fleet[worker];
        var needed = request.Reserve;
        return rule switch
        {
            Rule.Ready => it.Health == WorkerHealth.Lost ? "is lost" : $"is suspect: {it.Note ?? "it has been silent for a while"}",
            Rule.Draining => "is draining",
            Rule.Excluded => request.Exclusions.First(e => e.Worker == it.Name).Why,
            Rule.Constraint => $"does not fulfil {FailedConstraint(it).Text}: {FailedConstraint(it).Saw(it)}",
            Rule.Policy => ObjectionOf(it)!.ToString(),
            Rule.Cores => $"has {Cores(it.Capacity.Cores ?? 0)} cores, and the limit is {Cores(request.MostCpu)}",
            Rule.Elsewhere => "is the worker that is to be left",
            Rule.MaxPerWorker => $"has {seen.Present} instances, at most {request.Rules.MaxPerWorker} are allowed",
            Rule.Volume => $"has volume {request.ExclusiveVolume} open exclusively",
            Rule.HostPort => PortWords(TakenPort(it, seen)!.Value),
            Rule.Cpu => $"has {Cores(FreeCpu(it, seen))} of {Cores(it.Capacity.Cpu)} CPU free, {Cores(needed.Cpu)} needed",
            Rule.Memory => $"has {Mebi(FreeMemory(it, seen))} of {Mebi(it.Capacity.Memory.Bytes)} memory free, {needed.Memory} needed",
            _ => "is eligible",
        };
    }

    /// <summary>Why no worker can take an instance, rule by rule: <c>2 workers draining; 1 short of memory</c>.</summary>
    public string WhyNowhere(int avoid = -1) => nowhere.TryGetValue(avoid, out var why) ? why : Refusals(avoid);

    private string Refusals(int avoid)
    {
        if (fleet.Workers.Length == 0) return "there are no workers";
        var counts = new SortedDictionary<(Rule Rule, string What), (int Count, int First)>();
        for (var i = 0; i < fleet.Workers.Length; i++)
        {
            var rule = Refusal(i, avoid);
            var key = (rule, rule == Rule.Constraint ? FailedConstraint(fleet.Workers[i]).Text
                : rule == Rule.Policy ? ObjectionOf(fleet.Workers[i])!.Many : "");
            counts[key] = counts.TryGetValue(key, out var seen) ? (seen.Count + 1, seen.First) : (1, i);
        }

        return string.Join("; ", counts.Where(c => c.Key.Rule != Rule.None).Select(c => c.Value.Count == 1
            ? $"{fleet.Workers[c.Value.First].Name} {Words(c.Key.Rule, c.Value.First)}"
            : $"{c.Value.Count} workers {Summary(c.Key.Rule, c.Value.First)}"));
    }

    /// <summary>Why this worker, in a line.</summary>
    public string Words(Choice choice)
    {
        var rule = request.Rules.Strategy == PlacementStrategy.Binpack ? "fullest with room" : "fewest instances, then least loaded";
        var value = choice.Zone is "" ? "(none)" : choice.Zone;
        var zone = value is null ? "" : $"{request.Rules.SpreadOver} {value} has {choice.InZone}; ";
        var next = choice.RunnerUp >= 0 ? $"; next {fleet.Workers[choice.RunnerUp].Name}: {choice.NextScore}" : "";
        return $"{rule} of {choice.Looked}: {zone}{choice.Score}{next}";
    }

    private static string PortWords((HostPort Wanted, HostPort Taken) port) =>
        port.Wanted == port.Taken ? $"has port {port.Taken} taken" : $"has port {port.Taken} taken, which overlaps {port.Wanted}";

    private static string Cores(double cpu) => Math.Max(0, cpu).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Mebi(long bytes) => $"{Math.Max(0, bytes) >> 20}Mi";

    /// <param name="first">The first of the workers.</param>
    private string Summary(Rule rule, int first) => rule switch
    {
        Rule.Ready => "not ready",
        Rule.Draining => "draining",
        Rule.Excluded => $"excluded for a while: {fleet.Workers[first].Name} {Words(rule, first)}",
        Rule.Constraint => $"do not fulfil {FailedConstraint(fleet.Workers[first]).Text}",
        Rule.Policy => ObjectionOf(fleet.Workers[first]) is { } it ? $"{it.Many}: {it.Why}" : "",
        Rule.Cores => $"have fewer cores than the limit of {Cores(request.MostCpu)}",
        Rule.MaxPerWorker => $"have {request.Rules.MaxPerWorker} instances already",
        Rule.Volume => $"have volume {request.ExclusiveVolume} open exclusively",
        Rule.HostPort => "have a fixed port taken",
        Rule.Cpu => $"short of CPU ({Cores(request.Reserve.Cpu)} needed)",
        Rule.Memory => $"short of memory ({request.Reserve.Memory} needed)",
        _ => "not eligible",
    };

    private Constraint FailedConstraint(Worker worker) => constraints.First(c => !c.Holds(worker));
}
