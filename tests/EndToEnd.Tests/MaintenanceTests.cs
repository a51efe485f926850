using Orchestrator.Contracts.Maintenance;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>Machines are worked on one after the other, and what runs on them goes on elsewhere meanwhile.</summary>
public sealed class MaintenanceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_round_goes_through_all_workers_waits_for_each_to_come_back_and_survives_its_master()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.CreateSpread("web", 2);
        await cluster.Client().Maintenance.BeginRound(new(Reason: "kernel", Deadline: TimeSpan.FromMinutes(2)), Cancel);

        await Is(cluster, "worker-a", MaintenanceState.Ready);
        Assert.Equal(["worker-b", "worker-b"], (await cluster.Runs("web", 2)).Instances.Select(it => it.Worker));
        await cluster.StopApp(cluster.RunFile.Masters[1].Name, kill: true);
        // The machine is restarted.
        await cluster.StopApp("worker-a");
        await cluster.StartApp("worker-a");

        await Is(cluster, "worker-b", MaintenanceState.Ready);
        Assert.Equal(["worker-a", "worker-a"], (await cluster.Runs("web", 2)).Instances.Select(it => it.Worker));
        await cluster.StopApp("worker-b");
        await cluster.StartApp("worker-b");
        var list = await cluster.Eventually(
            () => cluster.Client().Maintenance.List(Cancel), it => it.Round!.State != MaintenanceRoundState.Running,
            "the round ends");
        Assert.True(list.Round!.State == MaintenanceRoundState.Done, $"{list.Round}");
        Assert.Equal(["worker-a", "worker-b"], list.Round.Done);
        Assert.DoesNotContain((await cluster.Members()).Members, it => it.Draining);
    }

    private static Task<MaintenanceList> Is(RunningCluster cluster, string worker, MaintenanceState state) => cluster.Eventually(
        () => cluster.Client().Maintenance.List(Cancel),
        it => it.Workers.Any(each => each.Worker == worker && each.State == state), $"{worker} is {state}");
}
