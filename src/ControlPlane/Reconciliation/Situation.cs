using System.Collections.Frozen;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Everything a decision depends on. The same situation always gives the same plan, in whatever order its parts came.</summary>
internal sealed record Situation
{
    public required ServiceRecord Record { get; init; }

    /// <summary>All workers the registry knows, lost ones too.</summary>
    public ValueList<Worker> Workers { get; init; } = [];

    public Observations Observed { get; init; } = Observations.None;

    /// <summary>When this activation of the ServiceMaster began; workers may be listed a little later than that.</summary>
    public DateTimeOffset Since { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>By instance the last order for it that got no answer; none of it is kept by the next activation.</summary>
    public IReadOnlyDictionary<string, OrderRefused> Unanswered { get; init; } = FrozenDictionary<string, OrderRefused>.Empty;

    /// <summary>
    /// False while a ready worker has not told yet what has become of instances that an earlier activation put there: then it is not known
    /// how many run.
    /// </summary>
    public bool IsObserved()
    {
        var silent = Workers.Where(it => it.Health == WorkerHealth.Ready && !Observed.HasHeard(it.Name)).Select(it => it.Name).ToHashSet();
        return !Record.Instances.Any(it => it.DecidedAt < Since && silent.Contains(it.Worker) && !Observed.TryFind(it.Name, out _));
    }
}
