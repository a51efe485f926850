using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Discovery;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Discovery;

public sealed class PublisherTests
{
    private static readonly ContainerSpec TwoPorts = new() { Image = "busybox-www:1", Ports = [new(80), new(53, 5353, PortProtocol.Udp)] };

    [Fact]
    public async Task Each_published_port_of_a_running_instance_is_registered()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-2-r3-a1", TwoPorts, epoch: 7);
        await Registered(catalog, "worker-a:web-2-r3-a1:53-udp, worker-a:web-2-r3-a1:80");
        var entry = catalog.Entries["worker-a:web-2-r3-a1:53-udp"];
        Assert.Equal(
            new CatalogEntry("worker-a:web-2-r3-a1:53-udp", "web", "127.0.0.1", 5353, ["orchestrator", "port-53-udp", "revision-3"],
                ValueMap.Of(
                ("orchestrator_cluster", "local"), ("orchestrator_worker", "worker-a"), ("service", "web"), ("instance", "web-2-r3-a1"),
                    ("slot", "2"), ("port", "53-udp"), ("revision", "3"), ("epoch", "7"))),
            entry);
    }

    [Fact]
    public async Task A_port_that_is_published_at_two_addresses_is_registered_at_both()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        var twice = TwoPorts with { Ports = [new(80, 8080, Name: "web"), new(80, 8080, Address: "10.0.0.6")] };
        await agent.Run("web-1-r1-a1", twice);
        await Registered(catalog, "worker-a:web-1-r1-a1:80@10.0.0.6:8080, worker-a:web-1-r1-a1:80@127.0.0.1:8080");
        Assert.All(catalog.Entries.Values, entry => Assert.Contains("port-web", entry.Tags));
    }

    [Fact]
    public async Task It_is_out_of_the_catalog_before_it_is_stopped()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1");
        await Registered(catalog, "worker-a:web-1-r1-a1:80");
        var stop = agent.Engine.Hold("stop");
        await agent.Stop("web-1-r1-a1");
        await TestAgent.Until(() => agent.Engine.Done.Last(), last =>
            last.StartsWith("stop", StringComparison.Ordinal), "it is being stopped");
        Assert.Empty(catalog.Entries);
        stop.SetResult();
    }

    [Fact]
    public async Task It_leaves_serves_for_its_delay_is_asked_to_end_and_has_its_grace()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1");
        await Registered(catalog, "worker-a:web-1-r1-a1:80");
        catalog.Hold = new();
        var stop = agent.Engine.Hold("stop");
        await agent.Stop("web-1-r1-a1", delay: 3, grace: 7);
        await agent.Believed("web-1-r1-a1 Stopping: surplus");
        agent.Clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Single(catalog.Entries);
        catalog.Hold.SetResult();
        await Registered(catalog, "");
        var left = agent.Clock.GetUtcNow();
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => agent.Engine.Done.Last(), last =>
            last.StartsWith("stop", StringComparison.Ordinal), "it is asked to end");
        Assert.InRange((agent.Clock.GetUtcNow() - left).TotalSeconds, 2.9, 3.5);
        Assert.Equal("stop web-1-r1-a1 within 7 s", agent.Engine.Done.Last());
        stop.SetResult();
        await agent.Believed("web-1-r1-a1 Exited: surplus");
    }

    [Fact]
    public async Task What_a_dead_worker_left_is_removed_when_it_has_been_silent_for_long()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        var (gone, back) = (new SilentEntry("n", "worker-b:web-1-r1-a1:80", "web"), new SilentEntry("n", "worker-c:web-2-r1-a1:80", "web"));
        catalog.Left.AddRange([gone, back]);
        var began = agent.Clock.GetUtcNow();
        await agent.PassTime(TimeSpan.FromSeconds(1), () => agent.Clock.GetUtcNow() - began > TimeSpan.FromSeconds(20), "a while passes");
        Assert.Equal([gone, back], catalog.Left);
        // It was only held up.
        catalog.Left.Remove(back);
        await agent.PassTime(TimeSpan.FromSeconds(1), () => catalog.Left.Count == 0, "the other is removed");
        Assert.True(agent.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_dead_one_is_taken_out()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1");
        await agent.Run("web-2-r1-a1");
        await Registered(catalog, "worker-a:web-1-r1-a1:80, worker-a:web-2-r1-a1:80");
        agent.Engine.Die("web-1-r1-a1", 1);
        await Registered(catalog, "worker-a:web-2-r1-a1:80");
    }

    [Fact]
    public async Task One_with_a_probe_is_registered_while_it_is_healthy()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1", TwoPorts with { Ports = [new(80)], Health = new() { Command = ["/check"] } });
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Empty(catalog.Entries);
        agent.Engine.Health("web-1-r1-a1", InstanceHealth.Healthy);
        await Registered(catalog, "worker-a:web-1-r1-a1:80");
        agent.Engine.Health("web-1-r1-a1", InstanceHealth.Unhealthy);
        await Registered(catalog, "");
    }

    [Fact]
    public async Task Entries_are_kept_alive_well_within_their_time()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1");
        await Registered(catalog, "worker-a:web-1-r1-a1:80");
        var began = agent.Clock.GetUtcNow();
        await agent.PassTime(TimeSpan.FromSeconds(1), () => catalog.Passed.Count >= 4, "four signs of life");
        Assert.True(agent.Clock.GetUtcNow() - began < Publisher.TimeToLive * 4);
    }

    [Fact]
    public async Task Leftovers_of_this_worker_are_swept_and_those_of_others_are_not()
    {
        var catalog = new FakeCatalog();
        foreach (var (worker, cluster) in new[] { ("worker-a", "local"), ("worker-b", "local"), ("worker-a", "other") })
        {
            var id = $"{worker}:{cluster}-9-r1-a1:80";
            catalog.Entries[id] = new(
                id, "web", "127.0.0.1", 1, [], ValueMap.Of(("orchestrator_cluster", cluster), ("orchestrator_worker", worker)));
        }

        await using var agent = await new TestAgent(catalog: catalog).Start();
        await Registered(catalog, "worker-a:other-9-r1-a1:80, worker-b:local-9-r1-a1:80");
    }

    [Fact]
    public async Task What_the_catalog_has_forgotten_is_registered_again()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1");
        await Registered(catalog, "worker-a:web-1-r1-a1:80");
        catalog.Entries.Clear();
        await agent.PassTime(TimeSpan.FromSeconds(1), () => catalog.Summary == "worker-a:web-1-r1-a1:80", "registered again");
    }

    [Fact]
    public async Task A_catalog_that_is_away_delays_nothing_and_catches_up()
    {
        var catalog = new FakeCatalog { Away = true };
        await using var agent = await new TestAgent(catalog: catalog).Start();
        await agent.Run("web-1-r1-a1");
        await agent.Run("web-2-r1-a1");
        await agent.Believed("web-1-r1-a1 Running", "web-2-r1-a1 Running");
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: surplus", "web-2-r1-a1 Running");
        catalog.Away = false;
        await agent.PassTime(TimeSpan.FromSeconds(1), () => catalog.Summary == "worker-a:web-2-r1-a1:80", "caught up");
    }

    [Fact]
    public async Task Stopping_the_agent_leaves_its_instances_registered()
    {
        var catalog = new FakeCatalog();
        await using (var agent = await new TestAgent(catalog: catalog).Start())
        {
            await agent.Run("web-1-r1-a1");
            await Registered(catalog, "worker-a:web-1-r1-a1:80");
        }

        Assert.Equal("worker-a:web-1-r1-a1:80", catalog.Summary);
    }

    private static Task<string> Registered(FakeCatalog catalog, string expected) =>
        TestAgent.Until(() => catalog.Summary, seen => seen == expected, $"the catalog holds '{expected}'");
}
