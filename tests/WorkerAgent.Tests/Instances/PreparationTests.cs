using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

/// <summary>An instance that is made ready and started when its predecessor has ended.</summary>
public sealed class PreparationTests
{
    private static readonly ContainerSpec Fixed = new()
    {
        Image = "busybox-www:1", Ports = [new(80, 8080)], Resources = new() { Reserve = new(3) },
    };

    private static Task<OrderAnswer> Prepare(TestAgent agent, string instance, string replaces, ContainerSpec? spec = null) =>
        agent.Desk.Prepare(
            new() { Service = "web", Instance = instance, Epoch = 1, Container = spec ?? Fixed, Replaces = replaces },
            CancellationToken.None);

    [Fact]
    public async Task What_is_made_ready_has_its_image_and_its_container_and_does_not_run()
    {
        await using var agent = await new TestAgent().Start();
        var pull = agent.Engine.Hold("pull");
        Assert.True((await Prepare(agent, "web-1-r2-a1", "web-1-r1-a1", Fixed with { Image = "nginx:1" })).Accepted);
        await agent.Believed("web-1-r2-a1 Placed: pulling nginx:1");
        pull.SetResult();
        await agent.Believed("web-1-r2-a1 Prepared");
        Assert.Equal(["pull nginx:1", "create web-1-r2-a1"], agent.Engine.Done);
    }

    [Fact]
    public async Task It_has_the_room_of_the_one_that_ends_and_starts_when_told()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1", Fixed);
        await agent.Believed("web-1-r1-a1 Running");
        Assert.True((await Prepare(agent, "web-1-r2-a1", "web-1-r1-a1")).Accepted);
        await agent.Believed("web-1-r1-a1 Running", "web-1-r2-a1 Prepared");
        Assert.Equal((1, 3.0), (agent.Book.Sums().Live, agent.Book.Sums().Reserved.Cpu));
        var early = await agent.Run("web-1-r2-a1", Fixed);
        Assert.Equal((Refusal.NoCapacity, "web-1-r2-a1 reserves 3 CPU, and 3 of 4 are reserved"), (early.Refusal, early.Reason));
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: surplus", "web-1-r2-a1 Prepared");
        Assert.True((await agent.Run("web-1-r2-a1", Fixed)).Accepted);
        await agent.Believed("web-1-r1-a1 Exited: surplus", "web-1-r2-a1 Running");
    }

    [Fact]
    public async Task It_keeps_its_room_from_others()
    {
        await using var agent = await new TestAgent().Start();
        Assert.True((await Prepare(agent, "web-1-r2-a1", "web-1-r1-a1")).Accepted);
        var answer = await agent.Run("shop-1-r1-a1", Fixed with { Resources = new() });
        Assert.Equal((Refusal.PortTaken, "host port 8080/tcp is in use by web-1-r2-a1"), (answer.Refusal, answer.Reason));
    }

    [Fact]
    public async Task An_agent_that_comes_back_does_not_start_it_by_itself()
    {
        using var folder = new TemporaryFolder();
        var engine = new FakeEngine(TimeProvider.System);
        await using (var first = await new TestAgent(engine, folder: folder).Start())
        {
            await Prepare(first, "web-1-r2-a1", "web-1-r1-a1");
            await first.Believed("web-1-r2-a1 Prepared");
        }

        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("web-1-r2-a1 Prepared");
        Assert.Equal(ContainerState.Created, engine["web-1-r2-a1"]!.State);
        await agent.Run("web-1-r2-a1", Fixed);
        await agent.Believed("web-1-r2-a1 Running");
    }

    [Fact]
    public async Task It_is_given_up_without_having_run()
    {
        await using var agent = await new TestAgent().Start();
        await Prepare(agent, "web-1-r2-a1", "web-1-r1-a1");
        await agent.Believed("web-1-r2-a1 Prepared");
        await agent.Stop("web-1-r2-a1", reason: "rolled back");
        await agent.Believed("web-1-r2-a1 Exited: stopped before it ran: rolled back");
        Assert.Null(agent.Engine["web-1-r2-a1"]);
    }
}
