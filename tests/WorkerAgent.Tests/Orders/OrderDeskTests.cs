using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Orders;

public sealed class OrderDeskTests
{
    [Fact]
    public async Task An_order_is_answered_before_the_engine_has_done_anything()
    {
        await using var agent = await new TestAgent().Start();
        agent.Engine.Hold("create");
        Assert.True((await agent.Run("web-1-r1-a1")).Accepted);
        await agent.Believed("web-1-r1-a1 Starting");
    }

    [Fact]
    public async Task A_stale_epoch_is_refused_and_told_the_known_one()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1", epoch: 5);
        var answer = await agent.Stop("web-1-r1-a1", epoch: 4);
        Assert.Equal((Refusal.StaleEpoch, 5), (answer.Refusal, answer.KnownEpoch));
        await agent.Believed("web-1-r1-a1 Running");
    }

    [Fact]
    public async Task The_epoch_is_known_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var before = await new TestAgent(folder: folder).Start()) await before.Run("web-1-r1-a1", epoch: 5);
        await using var after = await new TestAgent(folder: folder).Start();
        Assert.Equal(Refusal.StaleEpoch, (await after.Run("web-2-r1-a1", epoch: 4)).Refusal);
    }

    [Theory]
    [InlineData("web-1-r1")]
    [InlineData("WEB-1-r1-a1")]
    [InlineData("db-1-r1-a1")]
    public async Task A_name_that_is_no_instance_of_the_service_is_refused(string instance)
    {
        await using var agent = await new TestAgent().Start();
        var answer = await agent.Desk.Run(
            new() { Service = "web", Instance = instance, Epoch = 1, Container = new() { Image = "busybox-www:1" } },
                TestContext.Current.CancellationToken);
        Assert.Equal((Refusal.Impossible, $"'{instance}' is not the name of an instance of service 'web'"),
            (answer.Refusal, answer.Reason));
    }

    [Fact]
    public async Task Reservations_beyond_the_capacity_are_refused_with_figures()
    {
        await using var agent = await new TestAgent().Start();
        Assert.True((await agent.Run("web-1-r1-a1", Reserving(3, "2Gi"))).Accepted);
        var cpu = await agent.Run("web-2-r1-a1", Reserving(1.5, "1Gi"));
        Assert.Equal((Refusal.NoCapacity, "web-2-r1-a1 reserves 1.5 CPU, and 3 of 4 are reserved"), (cpu.Refusal, cpu.Reason));
        var memory = await agent.Run("web-3-r1-a1", Reserving(1, "7Gi"));
        Assert.Equal((Refusal.NoCapacity, "web-3-r1-a1 reserves 7Gi memory, and 2Gi of 8Gi are reserved"), (memory.Refusal, memory.Reason));
        Assert.True((await agent.Run("web-4-r1-a1", Reserving(1, "6Gi"))).Accepted);
        Assert.True((await agent.Run("web-5-r1-a1", Reserving(0, "0"))).Accepted);
    }

    [Fact]
    public async Task An_instance_that_has_ended_reserves_nothing()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1", Reserving(4, "0"));
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Die("web-1-r1-a1", 0);
        await agent.Believed("web-1-r1-a1 Exited: exit code 0");
        Assert.True((await agent.Run("web-1-r1-a2", Reserving(4, "0"))).Accepted);
    }

    [Fact]
    public async Task Orders_that_come_together_do_not_overbook()
    {
        await using var agent = await new TestAgent().Start();
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(slot => Task.Run(() => agent.Run($"web-{slot}-r1-a1", Reserving(1, "0")))));
        Assert.Equal(4, answers.Count(a => a.Accepted));
    }

    [Fact]
    public async Task A_fixed_port_is_given_once()
    {
        await using var agent = await new TestAgent().Start();
        var fixedPort = new ContainerSpec { Image = "busybox-www:1", Ports = [new(80, 8080)] };
        Assert.True((await agent.Run("web-1-r1-a1", fixedPort)).Accepted);
        var answer = await agent.Run("db-1-r1-a1", fixedPort);
        Assert.Equal((Refusal.PortTaken, "host port 8080/tcp is in use by web-1-r1-a1"), (answer.Refusal, answer.Reason));
        Assert.True((await agent.Run("dns-1-r1-a1", fixedPort with { Ports = [new(53, 8080, PortProtocol.Udp)] })).Accepted);
    }

    [Fact]
    public async Task A_live_instance_is_not_forgotten()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        var answer = await agent.Forget("web-1-r1-a1");
        Assert.Equal((Refusal.Impossible, "web-1-r1-a1 is alive (Running); it must be stopped first"), (answer.Refusal, answer.Reason));
    }

    [Fact]
    public async Task What_has_been_forgotten_is_not_begun_again_by_a_late_order()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Die("web-1-r1-a1", 1);
        await agent.Believed("web-1-r1-a1 Exited: exit code 1");
        await agent.Forget("web-1-r1-a1");
        await agent.Believed();

        var late = await agent.Run("web-1-r1-a1");
        Assert.Equal((Refusal.Impossible, "web-1-r1-a1 has been ended or refused here, and this order came late"), (late.Refusal, late.Reason));
        Assert.True((await agent.Run("web-1-r1-a1", epoch: 2)).Accepted);
    }

    [Fact]
    public async Task What_was_refused_is_not_begun_by_the_same_order_sent_again()
    {
        await using var agent = await new TestAgent().Start();
        var tooMuch = new ContainerSpec { Image = "web:1", Resources = new() { Reserve = new(1000) } };
        Assert.Equal(Refusal.NoCapacity, (await agent.Run("web-1-r1-a1", tooMuch)).Refusal);

        var again = await agent.Run("web-1-r1-a1");
        Assert.Equal(
            (Refusal.Impossible, "web-1-r1-a1 has been ended or refused here, and this order came late"), (again.Refusal, again.Reason));
        Assert.True((await agent.Run("web-1-r1-a2")).Accepted);
    }

    [Fact]
    public async Task A_stop_that_overtakes_its_run_keeps_the_run_from_having_an_effect()
    {
        await using var agent = await new TestAgent().Start();
        Assert.True((await agent.Stop("web-1-r1-a1")).Accepted);
        Assert.Equal(Refusal.Impossible, (await agent.Run("web-1-r1-a1")).Refusal);
        Assert.True((await agent.Run("web-1-r1-a2")).Accepted);
    }

    [Fact]
    public void Of_very_many_ended_instances_the_oldest_are_no_longer_known()
    {
        var ended = new EndedInstances();
        for (var i = 0; i <= EndedInstances.MostNames; i++) ended.Add($"web-{i}-r1-a1", 1);
        Assert.Equal((false, true), (ended.Has("web-0-r1-a1", 1), ended.Has("web-1-r1-a1", 1)));
    }

    [Fact]
    public async Task Nothing_is_accepted_before_the_containers_have_been_seen()
    {
        await using var agent = await new TestAgent(engine: null).StartAway();
        var answer = await agent.Stop("web-1-r1-a1");
        Assert.Equal(Refusal.Unavailable, answer.Refusal);
        Assert.StartsWith("the worker has not seen its containers yet", answer.Reason, StringComparison.Ordinal);
        Assert.Empty(agent.Control.Reports);
    }

    [Fact]
    public async Task Nothing_is_accepted_while_shutting_down()
    {
        await using var agent = await new TestAgent().Start();
        agent.BeginShutdown();
        Assert.Equal((Refusal.Unavailable, "the worker is shutting down"),
            ((await agent.Run("web-1-r1-a1")) is var a ? a.Refusal : null, a.Reason));
    }

    [Fact]
    public async Task At_most_one_is_not_promised_without_a_lease()
    {
        await using var agent = await new TestAgent(control: new() { Away = true }).Start();
        var once = new ContainerSpec { Image = "busybox-www:1", OnLeaseLost = LeaseLoss.Stop };
        Assert.Equal(Refusal.Unavailable, (await agent.Run("once-1-r1-a1", once)).Refusal);
        Assert.True((await agent.Run("web-1-r1-a1")).Accepted);
    }

    private static ContainerSpec Reserving(double cpu, string memory) => new()
    {
        Image = "busybox-www:1",
        Resources = new() { Reserve = new(cpu, ByteSize.TryParse(memory, out var size) ? size : default) },
    };
}
