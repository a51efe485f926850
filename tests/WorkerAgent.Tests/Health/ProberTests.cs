using System.Collections.Concurrent;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Health;

/// <summary>The whole agent, with answers that are made up.</summary>
public sealed class ProberTests
{
    private const string Web = "web-1-r1-a1";

    private static readonly ContainerSpec Asked = new()
    {
        Image = "busybox-www:1", Ports = [new(80, Name: "web")],
        Health = new() { Http = new(), Retries = 2, Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(2) },
    };

    private readonly MadeUp answers = new();

    [Fact]
    public async Task An_instance_is_starting_until_its_first_answer_and_is_told_with_what_was_found()
    {
        await using var agent = await new TestAgent(probes: answers).Start();
        answers.Ok = false;
        await agent.Run(Web, Asked);
        await Becomes(agent, it => it.Probes is [{ Ok: false, Output: "answer 1", Kind: ProbeKind.Health }], "the first failure is told");
        Assert.Equal(InstanceHealth.Starting, agent.Control.Believes[Web].Health);
        answers.Ok = true;
        await Becomes(agent, it => it.Health == InstanceHealth.Healthy, "it is healthy");
        answers.Ok = false;
        await Becomes(agent, it => it.Health == InstanceHealth.Unhealthy, "it is unhealthy");
        Assert.Equal([true, false, false], agent.Control.Believes[Web].Probes!.Select(p => p.Ok));
        Assert.Equal(80, answers.Asked.First().Http!.Port);
    }

    [Fact]
    public async Task Readiness_takes_it_out_of_the_catalog_and_leaves_its_health_alone()
    {
        var catalog = new FakeCatalog();
        await using var agent = await new TestAgent(probes: answers, catalog: catalog).Start();
        await agent.Run(Web, Asked with { Readiness = new() { Tcp = new(), Retries = 1 } });
        await Becomes(agent, it => it is { Health: InstanceHealth.Healthy, Readiness: InstanceHealth.Healthy }, "it is ready");
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => catalog.Entries.Count == 1, "it is in the catalog");
        Assert.Contains("port-web", catalog.Entries.Values.Single().Tags);
        answers.Unready = true;
        await Becomes(agent, it => it is { Health: InstanceHealth.Healthy, Readiness: InstanceHealth.Unhealthy }, "it is not ready");
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => catalog.Entries.IsEmpty, "it is out of the catalog");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_a_failure_and_holds_up_nobody()
    {
        await using var agent = await new TestAgent(probes: answers).Start();
        answers.Hang = Web;
        await agent.Run(Web, Asked);
        await agent.Run("web-2-r1-a1", Asked);
        await agent.PassTime(TimeSpan.FromMilliseconds(500),
            () => agent.Control.Believes.GetValueOrDefault("web-2-r1-a1")?.Health == InstanceHealth.Healthy, "the other one is well");
        await Becomes(agent, it => it.Health == InstanceHealth.Unhealthy, "it is unhealthy");
        Assert.Equal("no answer within 2s", agent.Control.Believes[Web].Probes![^1].Output);
    }

    [Fact]
    public async Task One_that_was_found_running_is_taken_for_well_until_its_first_answer_which_decides_alone()
    {
        var engine = new FakeEngine(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)));
        using var folder = new TemporaryFolder();
        await using (var before = await new TestAgent(engine, folder: folder, probes: answers).Start())
        {
            await before.Run(Web, Asked);
            await Becomes(before, it => it.Health == InstanceHealth.Healthy, "it is healthy");
        }

        answers.Silent = true;
        await using var agent = await new TestAgent(engine, folder: folder, probes: answers).Start();
        await TestAgent.Until(
            () => agent.Control.Believes.GetValueOrDefault(Web)?.Health, it => it == InstanceHealth.Healthy, "it is told");
        answers.Ok = false;
        answers.Silent = false;
        answers.Release();
        await Becomes(agent, it => it.Health == InstanceHealth.Unhealthy, "one failure is enough");
        Assert.Single(agent.Control.Believes[Web].Probes!);
    }

    [Fact]
    public async Task Nobody_asks_an_instance_that_is_to_end()
    {
        await using var agent = await new TestAgent(probes: answers).Start();
        await agent.Run(Web, Asked);
        await Becomes(agent, it => it.Health == InstanceHealth.Healthy, "it is healthy");
        await agent.Stop(Web, delay: 60);
        await agent.Believed($"{Web} Stopping: surplus");
        var asked = answers.Asked.Count;
        for (var i = 0; i < 20; i++) agent.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(answers.Asked.Count, asked, asked + 1);
    }

    [Fact]
    public async Task No_more_than_so_many_are_asked_at_once_and_those_that_hang_make_room_after_a_second()
    {
        await using var agent = await new TestAgent(probes: answers).Start();
        answers.Silent = true;
        var patient = Asked with { Health = Asked.Health! with { Timeout = TimeSpan.FromMinutes(1) } };
        foreach (var name in Enumerable.Range(1, 600).Select(slot => $"web-{slot}-r1-a1"))
        {
            var order = new RunInstance { Service = "web", Instance = name, Epoch = 1, Container = patient };
            agent.Book.Add(Instance.Ordered(order).See(new()
            {
                Id = name, Name = name, State = WorkerAgent.Docker.ContainerState.Running,
            }));
        }

        // All are due now, and time stands still.
        agent.Clock.Advance(TimeSpan.FromSeconds(1));
        var began = agent.Clock.GetUtcNow();
        await TestAgent.Until(() => answers.Asked.Count, count => count >= 256, "so many are asked");
        Assert.Equal(256, answers.Most);
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => answers.Asked.Count, count => count == 600, "all are asked");
        Assert.InRange(agent.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
    }

    private static Task Becomes(TestAgent agent, Func<InstanceReport, bool> condition, string what) => agent.PassTime(
        TimeSpan.FromMilliseconds(500), () => agent.Control.Believes.GetValueOrDefault(Web), it => it is not null && condition(it), what);

    /// <summary>Answers as it is told.</summary>
    private sealed class MadeUp : IProbes
    {
        private TaskCompletionSource speak = new();
        private int count;
        private int now;

        public ConcurrentQueue<HealthProbe> Asked { get; } = [];
        public bool Ok { get; set; } = true;
        public bool Unready { get; set; }
        public bool Silent { get; set; }
        public string? Hang { get; set; }
        public int Most { get; private set; }

        public void Release()
        {
            speak.SetResult();
            speak = new();
        }

        public async Task<(bool Ok, string Output)> Ask(HealthProbe probe, Instance instance, CancellationToken cancel)
        {
            Asked.Enqueue(probe);
            Most = Math.Max(Most, Interlocked.Increment(ref now));
            if (Hang == instance.Name.ToString()) await new TaskCompletionSource().Task.WaitAsync(cancel);
            if (Silent) await speak.Task;
            Interlocked.Decrement(ref now);
            return (Ok && !(Unready && probe.Tcp is not null), $"answer {Interlocked.Increment(ref count)}");
        }
    }
}
