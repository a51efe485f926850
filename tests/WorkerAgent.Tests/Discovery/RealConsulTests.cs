using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Discovery;

/// <summary>The agent registers with a real Consul; the engine is a fake.</summary>
public sealed class RealConsulTests(RealConsul consul) : IClassFixture<RealConsul>
{
    [Fact]
    public async Task A_client_finds_running_instances_and_no_others()
    {
        await using var agent = await Start("worker-a");
        await agent.Run("web-1-r1-a1");
        await Found("web", "worker-a:web-1-r1-a1:80 127.0.0.1:30010");
        await agent.Run("web-2-r1-a1");
        await Found("web", "worker-a:web-1-r1-a1:80 127.0.0.1:30010, worker-a:web-2-r1-a1:80 127.0.0.1:30020");
        agent.Engine.Die("web-1-r1-a1", 1);
        await Found("web", "worker-a:web-2-r1-a1:80 127.0.0.1:30020");
        await agent.Stop("web-2-r1-a1");
        await Found("web", "");
    }

    [Fact]
    public async Task Leftovers_are_swept_at_the_next_start_and_survivors_stay()
    {
        using var folder = new TemporaryFolder();
        FakeEngine engine;
        await using (var before = await Start("worker-s", folder))
        {
            engine = before.Engine;
            await before.Run("swept-1-r1-a1");
            await before.Run("swept-2-r1-a1");
            await TestAgent.Until(() => engine.Names(WorkerAgent.Docker.ContainerState.Running).Count, count => count == 2, "both run");
            await Eventually.Become(() => consul.Healthy("swept"), seen =>
                seen.Contains("swept-1", StringComparison.Ordinal) && seen.Contains("swept-2", StringComparison.Ordinal),
                TestAgent.Soon, "both are found", TestContext.Current.CancellationToken);
        }

        engine.Vanish("swept-1-r1-a1");
        await using var after = await Start("worker-s", folder, engine);
        await Eventually.Become(() => consul.Healthy("swept"), seen =>
            !seen.Contains("swept-1", StringComparison.Ordinal) && seen.Contains("swept-2", StringComparison.Ordinal),
            TestAgent.Soon, "the survivor is found", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_entry_that_consul_has_lost_comes_back()
    {
        await using var agent = await Start("worker-l");
        await agent.Run("lost-1-r1-a1");
        await Found("lost", "worker-l:lost-1-r1-a1:80 127.0.0.1:30010");
        using var gone = await consul.Http.PutAsync(
            new Uri(consul.Address, "v1/agent/service/deregister/worker-l:lost-1-r1-a1:80"), null, TestContext.Current.CancellationToken);
        await Found("lost", "");
        await Eventually.Become(async () =>
        {
            agent.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return await consul.Healthy("lost");
        }, seen => seen.Length > 0, TestAgent.Soon, "it is found again", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Signs_of_life_are_understood()
    {
        await using var agent = await Start("worker-p");
        await agent.Run("alive-1-r1-a1");
        await Found("alive", "worker-p:alive-1-r1-a1:80 127.0.0.1:30010");
        using var failed = await consul.Http.PutAsync(
            new Uri(consul.Address, "v1/agent/check/fail/service:worker-p:alive-1-r1-a1:80"), null, TestContext.Current.CancellationToken);
        await Found("alive", "");
        await Eventually.Become(async () =>
        {
            agent.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return await consul.Healthy("alive");
        }, seen => seen.Length > 0, TestAgent.Soon, "it passes again", TestContext.Current.CancellationToken);
    }

    private async Task<TestAgent> Start(string name, TemporaryFolder? folder = null, FakeEngine? engine = null)
    {
        if (consul.Missing is not null) Assert.Skip(consul.Missing);
        return await new TestAgent(engine, folder: folder, options: new() { Name = name, Consul = consul.Address.ToString() }).Start();
    }

    private Task<string> Found(string service, string expected) =>
        Eventually.Become(() => consul.Healthy(service), seen =>
            seen == expected, TestAgent.Soon, $"clients find '{expected}'", TestContext.Current.CancellationToken);
}
