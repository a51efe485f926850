using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Benchmarks;

/// <summary>One reconcile of services of several sizes: settled, beginning, and as the turn that one report causes.</summary>
internal static class Reconciles
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Measure()
    {
        foreach (var slots in new[] { 1, 100, 1_000, 5_000 })
        {
            var settled = Settled(slots, out var first);
            Figures.Print($"reconcile_settled_{slots}_slots_ms",
                Figures.Median(() => settled, s => Repeat(20, () => MustBeSettled(s))).TotalMilliseconds / 20, "ms");
            Figures.Print($"reconcile_first_{slots}_slots_ms", Figures.Median(() => first, s => Reconciler.Reconcile(s)).TotalMilliseconds,
                "ms");
        }

        var big = Settled(5_000, out _);
        var report = new ServiceReport
        {
            Worker = big.Record.Instances[2_500].Worker, Service = "web", Sequence = 1_000_000, Complete = false,
            Instances = [new InstanceReport { Instance = big.Record.Instances[2_500].Name, Phase = Phase.Running,
                Health = InstanceHealth.Healthy }],
        };
        Figures.Print("report_turn_5000_instances_ms",
            Figures.Median(() => big, s =>
            Repeat(20, () => MustBeSettled(s with { Observed = s.Observed.With(report) }))).TotalMilliseconds / 20, "ms");

        var json = JsonSerializer.SerializeToUtf8Bytes(big.Record, ContractsJson.Options);
        Figures.Print("record_5000_instances_bytes", json.Length, "bytes");
        Figures.Print("record_5000_instances_write_ms",
            Figures.Median(() => big.Record, r => JsonSerializer.SerializeToUtf8Bytes(r, ContractsJson.Options)).TotalMilliseconds, "ms");
        Figures.Print("record_5000_instances_read_ms",
            Figures.Median(() => json, j => JsonSerializer.Deserialize<ServiceRecord>(j, ContractsJson.Options)).TotalMilliseconds, "ms");
    }

    private static void MustBeSettled(Situation situation)
    {
        var plan = Reconciler.Reconcile(situation);
        if (!ReferenceEquals(plan.Record, situation.Record) || plan.Steps.Count > 0)
            throw new InvalidOperationException("the service is not settled: something would be written");
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++) action();
    }

    public static Situation Settled(int slots, out Situation first, int workers = 200)
    {
        var spec = new ServiceSpec { Container = new() { Image = "web:1", Ports = [new PortMapping(80)],
            Resources = new Resources { Reserve = new ResourceAmount(0.1, ByteSize.Mi(64)) } }, Instances = slots };
        var record = ServiceChanges.Apply(null, "web", new CreateService(spec), Now).Record!;
        first = new Situation { Record = record, Workers = Placements.Workers(workers), Since = Now, Now = Now };
        var plan = Reconciler.Reconcile(first);
        var observed = Observations.None;
        foreach (var group in plan.Record.Instances.GroupBy(i => i.Worker))
        {
            observed = observed.With(new ServiceReport
            {
                Worker = group.Key, Service = "web", Sequence = 1, Complete = true,
                Instances = group.Select(i => new InstanceReport
                {
                    Instance = i.Name, Phase = Phase.Running, StartedAt = Now, ContainerId = new string('c', 64),
                        Ports = [new PublishedPort(80, 32_768, "10.0.0.1")],
                }).ToValueList(),
            });
        }

        // What has served long enough has proven good: with that noted there is nothing left to write.
        var later = first with { Record = plan.Record, Observed = observed, Now = Now + TimeSpan.FromSeconds(10) };
        return later with { Record = Reconciler.Reconcile(later).Record };
    }
}
