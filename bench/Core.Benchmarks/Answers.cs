using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Benchmarks;

/// <summary>
/// What people ask of a big service: each answer is a turn of its actor, during which nothing else of the service is decided.
/// </summary>
internal static class Answers
{
    public static void Measure()
    {
        var big = Reconciles.Settled(5_000, out _);
        var restarted = ServiceChanges.Apply(big.Record, "web", new RestartInstances(), big.Now).Record!;
        Figures.Print("dry_run_restart_5000_instances_ms",
            Figures.Median(() => restarted, r => DryRun.Of(big.Record, big with { Record = r })).TotalMilliseconds, "ms");
        Figures.Print("explain_page_5000_instances_200_workers_ms", Figures.Median(() => big, s => Explanation.Of(s)).TotalMilliseconds,
            "ms");
        var wide = Reconciles.Settled(100, out _, workers: 5_000);
        Figures.Print("explain_page_100_instances_5000_workers_ms", Figures.Median(() => wide, s => Explanation.Of(s)).TotalMilliseconds,
            "ms");

        var plan = Reconciler.Reconcile(big);
        var view = JsonSerializer.SerializeToUtf8Bytes(
            ServiceViews.View(big.Record, plan, big.Observed, isObserved: true), ContractsJson.Options);
        Figures.Print("view_5000_instances_bytes", view.Length, "bytes");
    }
}
