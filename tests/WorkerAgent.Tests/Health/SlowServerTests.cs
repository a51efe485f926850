using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Health;

/// <summary>The whole agent and a real server that takes its time; time itself passes as the test says.</summary>
public sealed class SlowServerTests
{
    private const string Web = "web-1-r1-a1";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_server_may_take_as_long_as_it_is_given()
    {
        await using var server = await Server.Start();
        await using var agent = await new TestAgent().Start();
        var answers = server.Hold();
        await Ask(agent, server);
        await IsAsked(agent, server, 1);
        agent.Clock.Advance(Timeout - TimeSpan.FromMinutes(1));
        Assert.Equal((InstanceHealth.Starting, 0), (Seen(agent).Observed.Health, Seen(agent).Probes.Count));
        answers.SetResult();
        await TestAgent.Until(() => Seen(agent).Observed.Health, it => it == InstanceHealth.Healthy, "it has answered in time");
        Assert.InRange(Seen(agent).Probes.Single().Took, Timeout - TimeSpan.FromMinutes(1), Timeout);
    }

    [Fact]
    public async Task A_server_that_answers_for_a_while_and_then_not_at_all_is_unhealthy_with_its_last_retry()
    {
        await using var server = await Server.Start();
        await using var agent = await new TestAgent().Start();
        await Ask(agent, server);
        await agent.PassTime(TimeSpan.FromMilliseconds(100), () => Seen(agent).Observed.Health,
            it => it == InstanceHealth.Healthy, "it answers");
        server.Hold();
        for (var failures = 1; failures <= 3; failures++)
        {
            await IsAsked(agent, server, server.Requests + 1);
            Assert.Equal(InstanceHealth.Healthy, Seen(agent).Observed.Health);
            agent.Clock.Advance(Timeout);
            var expected = failures;
            await TestAgent.Until(
                () => Seen(agent).Probes.Count(it => it is { Ok: false, Output: "no answer within 5m" }), count => count == expected,
                $"failure {failures} is known");
        }

        Assert.Equal((Phase.Running, InstanceHealth.Unhealthy), (Seen(agent).Phase, Seen(agent).Observed.Health));
    }

    private static async Task Ask(TestAgent agent, Server server)
    {
        await agent.Run(Web, new()
        {
            Image = "busybox-www:1", Ports = [new(80, server.Port)],
            Health = new() { Http = new(), Interval = TimeSpan.FromSeconds(5), Timeout = Timeout, Retries = 3 },
        });
        await TestAgent.Until(() => Seen(agent).Phase, phase => phase == Phase.Running, "it runs");
    }

    private static Task IsAsked(TestAgent agent, Server server, int times) => agent.PassTime(
        TimeSpan.FromMilliseconds(100), () => server.Requests, requests => requests >= times, $"it is asked {times} times");

    private static Instance Seen(TestAgent agent) => agent.Book.Find(Web)!;

    private sealed class Server(WebApplication app) : IAsyncDisposable
    {
        private volatile TaskCompletionSource held = new();
        private int requests;

        public int Port => new Uri(app.Urls.Single()).Port;

        public int Requests => Volatile.Read(ref requests);

        public static async Task<Server> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var server = new Server(app);
            server.held.SetResult();
            app.Run(async context =>
            {
                Interlocked.Increment(ref server.requests);
                await server.held.Task.WaitAsync(context.RequestAborted);
            });
            await app.StartAsync();
            return server;
        }

        /// <summary>No answers from now on, until it is released.</summary>
        public TaskCompletionSource Hold() => held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask DisposeAsync()
        {
            held.TrySetResult();
            await app.DisposeAsync();
        }
    }
}
