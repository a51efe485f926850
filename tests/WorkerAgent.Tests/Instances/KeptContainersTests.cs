using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Housekeeping;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

/// <summary>What has ended can be looked at for a while, and is in nobody's way.</summary>
public sealed class KeptContainersTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_last_three_of_a_slot_are_kept_under_another_name()
    {
        await using var agent = await new TestAgent().Start();
        for (var attempt = 1; attempt <= 5; attempt++) await LiveAndFail(agent, $"web-1-r1-a{attempt}");
        await LiveAndFail(agent, "web-2-r1-a1");
        Assert.Equal(
            ["web-1-r1-a3.ended", "web-1-r1-a4.ended", "web-1-r1-a5.ended", "web-2-r1-a1.ended"],
            agent.Engine.Names(ContainerState.Exited));
        Assert.Empty(agent.Book.All());
    }

    [Fact]
    public async Task Who_wants_none_kept_has_none()
    {
        await using var agent = await new TestAgent(options: Options with { KeepEnded = 0 }).Start();
        await LiveAndFail(agent, "web-1-r1-a1");
        Assert.Empty(agent.Engine.Names(ContainerState.Exited));
    }

    [Fact]
    public async Task Of_a_withdrawn_service_nothing_is_kept()
    {
        await using var agent = await new TestAgent().Start();
        await LiveAndFail(agent, "web-1-r1-a1");
        await LiveAndFail(agent, "api-1-r1-a1");
        await agent.Run("web-1-r1-a2");
        await agent.Believed("web-1-r1-a2 Running");
        agent.Engine.Die("web-1-r1-a2", 1);
        await agent.Believed("web-1-r1-a2 Exited: exit code 1");
        await agent.Forget("web-1-r1-a2", withdrawn: true);
        await agent.Believed();
        Assert.Equal(["api-1-r1-a1.ended"], agent.Engine.Names(ContainerState.Exited));
    }

    [Fact]
    public async Task A_volume_that_somebody_removes_takes_what_was_only_kept_with_it()
    {
        await using var agent = await new TestAgent().Start();
        await LiveAndFail(agent, "web-1-r1-a1");
        await agent.Run("api-1-r1-a1");
        await agent.Believed("api-1-r1-a1 Running");
        agent.Engine.VolumesHere["data"] = ["web-1-r1-a1.ended"];
        agent.Engine.VolumesHere["shared"] = ["web-1-r1-a1.ended", "api-1-r1-a1"];
        var volumes = new NamedVolumes(agent.Engine, agent.Engine);
        Assert.Equal(
            ["data: ", "shared: api-1-r1-a1"],
            (await volumes.List(TestContext.Current.CancellationToken)).Select(it => $"{it.Name}: {string.Join(' ', it.Containers)}"));

        await Assert.ThrowsAsync<EngineException>(() => volumes.Remove("shared", TestContext.Current.CancellationToken));
        Assert.Equal(["web-1-r1-a1.ended"], agent.Engine.Names(ContainerState.Exited));
        await volumes.Remove("data", TestContext.Current.CancellationToken);
        Assert.Equal(["shared"], agent.Engine.VolumesHere.Keys);
        Assert.Empty(agent.Engine.Names(ContainerState.Exited));
    }

    [Fact]
    public async Task What_is_kept_holds_no_name_no_port_no_volume_and_no_room()
    {
        await using var agent = await new TestAgent().Start();
        var greedy = new ContainerSpec
        {
            Image = "busybox-www:1", Ports = [new(80, 8080)], Resources = new() { Reserve = new(4) },
            Volumes = [new("data", "/data", Exclusive: true)],
        };
        await LiveAndFail(agent, "web-1-r1-a1", greedy);
        Assert.Null((await agent.Run("web-1-r1-a1", greedy, epoch: 2)).Refusal);
        await agent.Believed("web-1-r1-a1 Running");
        Assert.Equal(["web-1-r1-a1.ended"], agent.Engine.Names(ContainerState.Exited));
        agent.Engine.Die("web-1-r1-a1", 4);
        await agent.Believed("web-1-r1-a1 Exited: exit code 4");
        await agent.Forget("web-1-r1-a1", epoch: 2);
        await agent.Believed();
        Assert.Equal(4, agent.Engine["web-1-r1-a1.ended"]!.ExitCode);
    }

    [Fact]
    public async Task A_restarted_agent_takes_what_is_kept_for_no_instance()
    {
        FakeEngine engine;
        await using (var agent = await new TestAgent(folder: folder).Start())
        {
            await LiveAndFail(agent, "web-1-r1-a1");
            engine = agent.Engine;
        }

        engine.Done.Clear();
        await using var next = await new TestAgent(engine, folder: folder).Start();
        Assert.Empty(next.Book.All());
        Assert.Empty(engine.Done);
    }

    [Fact]
    public async Task It_goes_after_a_day_and_at_once_when_somebody_starts_it()
    {
        await using var agent = await new TestAgent().Start();
        await LiveAndFail(agent, "web-1-r1-a1");
        await LiveAndFail(agent, "web-2-r1-a1");
        await agent.Engine.Start(agent.Engine["web-2-r1-a1.ended"]!.Id, CancellationToken.None);
        var kept = agent.Get<KeptContainers>();
        await kept.Tidy(await All(agent), CancellationToken.None);
        Assert.Null(agent.Engine["web-2-r1-a1.ended"]);
        agent.Clock.Advance(TimeSpan.FromHours(23));
        await kept.Tidy(await All(agent), CancellationToken.None);
        Assert.NotNull(agent.Engine["web-1-r1-a1.ended"]);
        agent.Clock.Advance(TimeSpan.FromHours(2));
        await kept.Tidy(await All(agent), CancellationToken.None);
        Assert.Null(agent.Engine["web-1-r1-a1.ended"]);
    }

    private static WorkerAgentOptions Options => new() { Name = "worker-a", Cpu = 4, Memory = "8Gi", MaxStarts = 4 };

    private static Task<Contracts.Values.ValueList<Container>> All(TestAgent agent) =>
        agent.Engine.List(ContainerLabels.Of("local", "worker-a"), CancellationToken.None);

    private static async Task LiveAndFail(TestAgent agent, string instance, ContainerSpec? spec = null)
    {
        await agent.Run(instance, spec);
        await agent.Believed($"{instance} Running");
        agent.Clock.Advance(TimeSpan.FromMilliseconds(10));
        agent.Engine.Die(instance, 3);
        await agent.Believed($"{instance} Exited: exit code 3");
        await agent.Forget(instance);
        await agent.Believed();
    }
}
