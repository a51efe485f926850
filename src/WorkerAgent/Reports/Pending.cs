using System.Collections.Immutable;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>What still has to be told about a service: names only, because what is told is the state at the time of telling.</summary>
internal sealed record Pending(bool All, ImmutableHashSet<string> Instances)
{
    /// <summary>Above this everything is told instead.</summary>
    private const int MostSingly = 500;

    public static Pending None { get; } = new(false, []);

    public static Pending Everything { get; } = new(true, []);

    public bool Nothing => !All && Instances.IsEmpty;

    public static Pending Of(string instance) => new(false, [instance]);

    public Pending And(Pending more) =>
        Instances.Count + more.Instances.Count > MostSingly ? Everything : new(All || more.All, Instances.Union(more.Instances));
}
