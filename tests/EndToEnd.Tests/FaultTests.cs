using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Workers;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>Each of these breaks something on purpose, in a cluster of its own.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_agent_that_returns_within_its_lease_adopts_its_containers()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.CreateSpread("web", 4);
        var before = await cluster.Engine.Identities();

        await cluster.StopApp("worker-b", kill: true);
        await cluster.StartApp("worker-b");
        await cluster.Eventually(
            () => cluster.Members(), m => m.Members.All(x => x.Status == WorkerHealth.Ready), "all members are ready again");
        await cluster.Runs("web", 4);

        // A killed container shows that the returned agent really watches the ones it found.
        var victim = (await cluster.Service("web")).Instances.First(i => i.Worker == "worker-b").Name;
        Assert.Equal(before, await cluster.Engine.Identities());
        await cluster.Engine.Kill(victim);
        await cluster.Eventually(
            () => cluster.Service("web"), s => s.Running == 4 && s.Instances.All(i => i.Name != victim), "the killed one is replaced");
    }

    [Fact]
    public async Task The_instances_of_a_lost_worker_run_elsewhere_and_its_surplus_is_removed_when_it_returns()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.CreateSpread("web", 4);

        await cluster.StopApp("worker-b");
        await cluster.Eventually(
            () => cluster.Service("web"), s => s.Running == 4 && s.Instances.All(i => i.Worker == "worker-a"), "all four run on worker-a");
        Assert.Equal(6, (await cluster.Engine.Running()).Length);

        await cluster.StartApp("worker-b");
        var service = await cluster.Runs("web", 4);
        await cluster.Eventually(
            async () => string.Join(' ', await cluster.Engine.All()),
            all => all == string.Join(' ', service.Instances.Select(i => i.Name).Order(StringComparer.Ordinal)), "the surplus is gone");
    }

    [Fact]
    public async Task The_other_master_takes_over_when_the_one_with_the_ServiceMaster_dies()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.Create("web", 2);
        var before = await cluster.Engine.Identities();
        var owner = await cluster.Owner();
        var other = cluster.RunFile.Masters.Select((app, index) => (app, index)).First(m => m.app != owner).index;
        await using var events = new EventClient(cluster.Client(Array.IndexOf([.. cluster.RunFile.Masters], owner)), "start");
        await cluster.Eventually(
            () => Task.FromResult(string.Join("; ", events.Words)), all => all.Split("is running").Length == 3,
            "events tell that both run");

        await cluster.StopApp(owner.Name, kill: true);
        await using var goingOn = new EventClient(cluster.Client(other), events.Told.Last().Id);
        await cluster.Runs("web", 2, other);
        Assert.Equal(before, await cluster.Engine.Identities());

        await cluster.Engine.Kill("web-1-r1-a1");
        await cluster.Eventually(
            () => cluster.Service("web", other), s =>
                s.Running == 2 && s.Instances.All(i => i.Name != "web-1-r1-a1"), "the other master repairs");
        await cluster.Eventually(
            () => Task.FromResult(string.Join("; ", goingOn.Words)),
            all => all.Contains("web-1-r1-a2 is running", StringComparison.Ordinal),
            "events tell of the replacement");
        await using var anew = new EventClient(cluster.Client(other), "start");
        var last = goingOn.Told.Last().Id;
        await cluster.Eventually(() => Task.FromResult(anew.Told.Any(it => it.Id == last)), all => all, "all events are there");
        var told = events.Told.Concat(goingOn.Told).TakeWhile(it => it.Id != last).ToList();
        Assert.Equal(anew.Told.TakeWhile(it => it.Id != last), told);
        var phases = told.Where(it => it.Event.Kind == EventKind.Instance).Select(it => $"{it.Event.Instance} {it.Event.Phase}").ToList();
        Assert.Equal(phases.Distinct(), phases);
        Assert.Equal(
            ["web-1-r1-a1 Placed", "web-1-r1-a1 Starting", "web-1-r1-a1 Running", "web-1-r1-a1 Exited"],
            phases.Where(it => it.StartsWith("web-1-r1-a1 ", StringComparison.Ordinal)));
        await cluster.StartApp(owner.Name);
        await cluster.Eventually(
            () => cluster.Members(other), m => m.Members.All(x => x.Status == WorkerHealth.Ready), "the master is back");
    }

    [Fact]
    public async Task After_stopping_everything_the_next_start_finds_all_as_it_was()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.Create("web", 3);
        await cluster.Change("web", """{"instances":2}""");
        await cluster.Runs("web", 2);
        var service = await cluster.Service("web");
        await cluster.Eventually(async () => (await cluster.Engine.All()).Length, count => count == 2, "two containers are left");
        var before = await cluster.Engine.Identities();

        await cluster.Down();
        Assert.Equal(before, await cluster.Engine.Identities());
        await cluster.Up();

        var after = await cluster.Runs("web", 2);
        Assert.Equal(
            (service.Revision, string.Join(' ', service.Instances.Select(i => $"{i.Name} {i.Worker} {i.ContainerId}"))),
            (after.Revision, string.Join(' ', after.Instances.Select(i => $"{i.Name} {i.Worker} {i.ContainerId}"))));
        Assert.Equal(before, await cluster.Engine.Identities());
    }

    [Fact]
    public async Task After_the_store_was_emptied_what_is_restored_or_created_anew_adopts_what_runs()
    {
        await using var cluster = await RunningCluster.Start();
        await cluster.CreateSpread("web", 4);
        var backup = await cluster.Client().Backups.Get(Cancel);
        await cluster.Create("api", 2);
        await cluster.Create("shop", 1);
        var before = await cluster.Engine.Identities();

        await cluster.Down();
        cluster.EmptyStore();
        await cluster.Up();
        Assert.Null(await cluster.Client().Services.Find("web", Cancel));
        foreach (var dryRun in new[] { true, false })
        {
            Assert.Contains(
                new RestoredItem("services", "web", RestoreOutcome.Adopted, "it has instances on worker-a, worker-b"),
                (await cluster.Client().Backups.Restore(backup, dryRun: dryRun, cancel: Cancel)).Items);
        }

        await cluster.Runs("web", 4);
        await cluster.Create("api", 2);
        Assert.Equal(before, await cluster.Engine.Identities());

        // What was made from something else is not taken for it, whatever its name.
        await Engine.MakeImage("busybox-www:2", "two");
        await cluster.Make("shop", """{"image":"busybox-www:2","ports":[80]}""");
        var shop = Assert.Single((await cluster.Runs("shop", 1)).Instances);
        Assert.Equal("two", (await cluster.Fetch($"http://{shop.Ports[0].Address}:{shop.Ports[0].Host}/")).Trim());
        await cluster.Eventually(
            async () => (await cluster.Engine.Running()).Count(name => name.StartsWith("shop-", StringComparison.Ordinal)),
            count => count == 1, "the old one has ended");

        // That they are looked after again shows one that is killed.
        await cluster.Engine.Kill("web-1-r1-a1");
        await cluster.Eventually(
            () => cluster.Service("web"), s => s.Running == 4 && s.Instances.All(i => i.Name != "web-1-r1-a1"), "it is replaced");
    }
}
