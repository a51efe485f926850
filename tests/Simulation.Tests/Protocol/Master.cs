using System.Collections.Immutable;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Simulation.Tests.Protocol;

/// <summary>One activation of the ServiceMaster: what it believes to be stored, and what it has been told.</summary>
internal sealed record Master(ServiceRecord Record, Observations Observed, DateTimeOffset Since)
{
    /// <summary>Orders that got no answer, by instance.</summary>
    public ImmutableSortedDictionary<string, OrderRefused> Unanswered { get; init; } = None;

    private static readonly ImmutableSortedDictionary<string, OrderRefused> None =
        ImmutableSortedDictionary.Create<string, OrderRefused>(StringComparer.Ordinal);

    public string Key => $"{Since.Ticks}:{Record.Epoch}:{Decided(Record)}:{string.Join(',', Unanswered.Keys)}:{string.Join(',', Observed.All
        .Select(o => $"{o.Report.Instance}@{o.Worker}{(int)o.Report.Phase}{(o.Gone ? 'x' : '-')}").Order(StringComparer.Ordinal))}";

    public static string Decided(ServiceRecord record) =>
        $"{record.Epoch}/{string.Join(',', record.Instances.Select(i =>
            $"{i.Name}@{i.Worker}{(int)i.Intent}.{i.Epoch}.{i.Heard}.{i.DecidedAt.Ticks}"))}"
        + $"/{string.Join(',', record.Slots.Select(s => s.GetHashCode()))}/{string.Join(',', record.Exclusions)}";
}
