using System.Diagnostics.CodeAnalysis;
using Orchestrator.Contracts.Instances;

namespace Orchestrator.ControlPlane.Records;

/// <summary>
/// What the workers have reported of one service since this activation. Immutable; lives in memory only, never in the record.
/// </summary>
internal sealed class Observations
{
    /// <summary>Entries of instances that are gone are kept so long, then the oldest fall out.</summary>
    private const int KeptGone = 1000;

    private readonly Dictionary<string, Observed> instances;

    /// <summary>By worker its last complete report.</summary>
    private readonly Dictionary<string, Told> complete;

    /// <param name="OrdersSince">See <see cref="ServiceReport.OrdersSince"/>.</param>
    private sealed record Told(long Sequence, long? OrdersSince);

    private readonly int gone;

    private Observations(Dictionary<string, Observed> instances, Dictionary<string, Told> complete, int gone) =>
        (this.instances, this.complete, this.gone) = (instances, complete, gone);

    public static Observations None { get; } = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal), 0);

    public IReadOnlyCollection<Observed> All => instances.Values;

    /// <summary>Entries of instances of which nothing is left; the others are there.</summary>
    public int Gone => gone;

    public int Count => instances.Count;

    /// <summary>True once the worker has told all it has of the service.</summary>
    public bool HasHeard(string worker) => complete.ContainsKey(worker);

    /// <summary>
    /// Whether an instance that was ordered to begin on a worker has not begun there and never will by that order: the worker has told all
    /// it has since it stopped taking orders so old.
    /// </summary>
    /// <param name="heard">The report of the worker that the order is bound to.</param>
    public bool HasExpired(string instance, string worker, long heard) =>
        complete.GetValueOrDefault(worker)?.OrdersSince > heard && Find(instance)?.Worker != worker;

    public bool TryFind(string instance, [NotNullWhen(true)] out Observed? observed) => instances.TryGetValue(instance, out observed);

    public Observed? Find(string instance) => instances.GetValueOrDefault(instance);

    internal Dictionary<string, Observed>.ValueCollection Entries => instances.Values;

    /// <summary>
    /// The observations after one more report; the same object when it tells nothing new. Reports may come twice, late and in any order:
    /// of each instance only what is newer counts, so an old report never moves a phase back, and what a complete report does not name is
    /// gone unless something newer named it. A newer report may show life after an end: a late order has begun the instance again, and
    /// that must be seen to be ended.
    /// </summary>
    public Observations With(ServiceReport report)
    {
        if (report.Complete && report.Sequence <= LastComplete(report.Worker)) return this;
        var changes = new Changes(this);
        foreach (var told in report.Instances)
        {
            if (IsNews(told, report)) changes.Set(new Observed(report.Worker, told, report.Sequence));
        }

        foreach (var name in report.Gone) changes.Leave(name, report);
        if (report.Complete) changes.Complete(report);
        return changes.Done();
    }

    private long LastComplete(string worker) => complete.GetValueOrDefault(worker)?.Sequence ?? long.MinValue;

    /// <summary>
    /// Of an instance that its worker told of before only what is newer counts; of another only what is newer than its last complete
    /// report.
    /// </summary>
    private bool IsNews(InstanceReport told, ServiceReport report)
    {
        var known = instances.GetValueOrDefault(told.Instance);
        return report.Sequence > (known?.Worker == report.Worker ? known.Sequence : LastComplete(report.Worker));
    }

    /// <summary>Copies on the first change.</summary>
    private sealed class Changes(Observations from)
    {
        private Dictionary<string, Observed>? instances;
        private Dictionary<string, Told>? complete;
        private int gone = from.gone;

        public void Set(Observed observed)
        {
            var name = observed.Report.Instance;
            if (Find(name) is { Gone: true }) gone--;
            if (observed.Gone) gone++;
            (instances ??= new(from.instances, StringComparer.Ordinal))[name] = observed;
        }

        /// <summary>
        /// Nothing is left of the instance: an entry stays for a while, so that a decision that speaks of it learns it and an older
        /// report cannot bring it back.
        /// </summary>
        public void Leave(string name, ServiceReport report)
        {
            var known = Find(name);
            if (known is not null && (known.Worker != report.Worker || report.Sequence <= known.Sequence)) return;
            Set(new Observed(report.Worker, LastWord(name, known?.Report), report.Sequence, Gone: true));
        }

        /// <summary>What a complete report of its worker does not name has left.</summary>
        public void Complete(ServiceReport report)
        {
            complete = new(from.complete, StringComparer.Ordinal) { [report.Worker] = new(report.Sequence, report.OrdersSince) };
            var named = report.Instances.Select(i => i.Instance).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, known) in from.instances)
            {
                if (known.Worker == report.Worker && !named.Contains(name)) Leave(name, report);
            }
        }

        public Observations Done()
        {
            if (instances is null && complete is null) return from;
            if (gone > KeptGone && instances is not null) DropOldestGone(instances);
            return new(instances ?? from.instances, complete ?? from.complete, gone);
        }

        private static InstanceReport LastWord(string name, InstanceReport? known) => known switch
        {
            { Phase: Phase.Exited } => known,
            // That nothing is left is nothing that a program does.
            null => new InstanceReport
            {
                Instance = name, Phase = Phase.Exited, Cause = EndCause.Person, Message = "nothing is left of its container",
            },
            _ => known with { Phase = Phase.Exited, Cause = EndCause.Person, Message = "its container was removed" },
        };

        private Observed? Find(string name) => (instances ?? from.instances).GetValueOrDefault(name);

        private void DropOldestGone(Dictionary<string, Observed> all)
        {
            var oldest = all.Values.Where(o => o.Gone)
                .OrderBy(o => o.Sequence).ThenBy(o => o.Report.Instance, StringComparer.Ordinal)
                .Take(gone - KeptGone / 2).ToArray();
            foreach (var observed in oldest) all.Remove(observed.Report.Instance);
            gone -= oldest.Length;
        }
    }
}
