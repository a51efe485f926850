using System.Diagnostics;
using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>How much the agent adds to what the engine itself takes; alternating, on request only: <c>-explicit only</c>.</summary>
public sealed class Figures(RealEngine engine, ITestOutputHelper output) : IClassFixture<RealEngine>
{
    private const int Rounds = 15;

    [Fact(Explicit = true)]
    public async Task Order_to_running_and_death_to_report_beside_the_engine_itself()
    {
        engine.Need();
        var cancel = TestContext.Current.CancellationToken;
        await using var agent = await new TestAgent(
            options: new() { Name = "figures", Cluster = engine.Cluster, DockerHost = engine.Host }, inReality: true).Start();
        List<double> raw = [], accepted = [], ours = [], deaths = [], events = [];
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(await Raw(round, cancel));
            var name = $"fig-{round + 1}-r1-a1";
            var running = Told(agent, name, Phase.Running);
            var watch = Stopwatch.StartNew();
            Assert.True((await agent.Run(name, new() { Image = RealEngine.Image, Ports = [new(80)] })).Accepted);
            accepted.Add(watch.Elapsed.TotalMilliseconds);
            await running;
            ours.Add(watch.Elapsed.TotalMilliseconds);

            var exited = Told(agent, name, Phase.Exited);
            watch.Restart();
            await engine.Docker.Containers.KillContainerAsync(name, new(), cancel);
            events.Add(watch.Elapsed.TotalMilliseconds);
            await exited;
            deaths.Add(watch.Elapsed.TotalMilliseconds);
            await agent.Forget(name);
        }

        output.WriteLine($"raw create + start + inspect   {Text(raw)}");
        output.WriteLine($"order → accepted               {Text(accepted)}");
        output.WriteLine($"order → running report         {Text(ours)}");
        output.WriteLine($"kill call of the engine        {Text(events)}");
        output.WriteLine($"kill → death report            {Text(deaths)}");
    }

    private async Task<double> Raw(int round, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var parameters = WorkerAgent.Docker.ContainerMapping.ToCreate(
            new($"raw-{engine.Cluster}-{round}", new() { Image = RealEngine.Image, Ports = [new(80)] },
                WorkerAgent.Instances.ContainerLabels.Of(engine.Cluster, "nobody"), "127.0.0.1"));
        var id = (await engine.Docker.Containers.CreateContainerAsync(parameters, cancel)).ID;
        await engine.Docker.Containers.StartContainerAsync(id, new(), cancel);
        await engine.Docker.Containers.InspectContainerAsync(id, cancel);
        var took = watch.Elapsed.TotalMilliseconds;
        await engine.Docker.Containers.RemoveContainerAsync(id, new() { Force = true }, cancel);
        return took;
    }

    private static async Task Told(TestAgent agent, string name, Phase phase)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Control.Told = report =>
        {
            if (report.Instances.Any(i => i.Instance == name && i.Phase == phase)) told.TrySetResult();
        };
        await told.Task.WaitAsync(TestAgent.Soon);
    }

    private static string Text(List<double> times) =>
        $"{times.Order().ElementAt(times.Count / 2),6:0.#} ms [{times.Min():0.#}..{times.Max():0.#}]";
}
