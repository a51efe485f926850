using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

public sealed class PauseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_somebody_pauses_serves_nobody_goes_on_once_and_is_replaced_then()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        await agent.PassTime(Second, () => agent.Engine["web-1-r1-a1"]!.State, state => state == ContainerState.Running, "it goes on");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.PassTime(Second, () => agent.Engine["web-1-r1-a1"]!.State, state => state == ContainerState.Exited, "it has ended");
        await agent.Believed("web-1-r1-a1 Exited: somebody has paused its container again");
        Assert.Equal(EndCause.Person, agent.Control.Believes["web-1-r1-a1"].Cause);
    }

    [Fact]
    public async Task What_goes_on_by_itself_is_left_alone_and_what_is_to_end_ends_paused()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        agent.Engine.Pause("web-1-r1-a1", paused: false);
        await agent.Believed("web-1-r1-a1 Running");
        agent.Engine.Pause("web-1-r1-a1");
        await agent.Stop("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Exited: surplus");
    }

    [Fact]
    public async Task A_paused_container_that_is_found_is_known_as_such()
    {
        using var folder = new TemporaryFolder();
        var engine = new FakeEngine(TimeProvider.System);
        await using (var first = await new TestAgent(engine, folder: folder).Start())
        {
            await first.Desk.Run(new()
            {
                Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = new() { Image = "busybox-www:1" }, Fingerprint = "f1",
            }, TestContext.Current.CancellationToken);
            await first.Believed("web-1-r1-a1 Running");
        }

        engine.Pause("web-1-r1-a1");
        await using var agent = await new TestAgent(engine, folder: folder).Start();
        await agent.Believed("web-1-r1-a1 Paused: somebody has paused its container");
        Assert.Equal("f1", agent.Control.Believes["web-1-r1-a1"].Fingerprint);
    }
}
