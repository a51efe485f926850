using System.Net;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>What an operator asks: why, what if, and empty this machine.</summary>
public sealed class OperateTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly RunningCluster cluster = shared.Running;

    [Fact]
    public async Task A_drained_worker_is_empty_when_the_answer_comes_and_takes_instances_again_after()
    {
        await cluster.Create("drained", 4);

        var plan = await Plan("/workers/worker-b/drain?dryRun=true");
        Assert.Contains(plan.Steps, step =>
            step.Kind == "run" && step.Worker == "worker-a" && step.Reason.Contains("worker-b is draining", StringComparison.Ordinal));
        Assert.Contains((await cluster.Service("drained")).Instances, instance => instance.Worker == "worker-b");

        var drained = await cluster.Send(HttpMethod.Post, "/workers/worker-b/drain?wait=true");
        Assert.True(drained.IsSuccessStatusCode, await RunningCluster.Text(drained));
        Assert.All((await cluster.Service("drained")).Instances, instance => Assert.Equal("worker-a", instance.Worker));

        await cluster.Send(HttpMethod.Post, "/workers/worker-b/undrain");
        await cluster.Put("/services/drained", """{"instances":8}""");
        var service = await cluster.Runs("drained", 8);
        Assert.Equal(4, service.Instances.Count(instance => instance.Worker == "worker-b"));
        await cluster.Send(HttpMethod.Delete, "/services/drained");
    }

    [Fact]
    public async Task A_drain_that_cannot_end_says_what_holds_it()
    {
        var answer = await cluster.Post("/services/held",
            $$"""{"image":"{{Engine.Image}}","instances":2,"placement":{"maxPerWorker":1} }""");
        Assert.True(answer.IsSuccessStatusCode, await RunningCluster.Text(answer));
        await cluster.Runs("held", 2);

        var drain = await cluster.Send(HttpMethod.Post, "/workers/worker-a/drain?wait=true&timeoutSeconds=1");
        var words = await RunningCluster.Text(drain);
        await cluster.Send(HttpMethod.Post, "/workers/worker-a/undrain");

        Assert.Equal(HttpStatusCode.Conflict, drain.StatusCode);
        Assert.Contains("held-", words);
        Assert.Contains("no worker can take its successor", words);
        await cluster.Send(HttpMethod.Delete, "/services/held");
    }

    [Fact]
    public async Task A_dry_run_tells_the_steps_and_does_nothing_and_the_real_run_takes_them()
    {
        var plan = await Plan("/services/planned?dryRun=true", $$"""{"image":"{{Engine.Image}}","instances":3}""");
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Send(HttpMethod.Get, "/services/planned")).StatusCode);

        var service = await cluster.Create("planned", 3);

        Assert.Equal(
            plan.Steps.Where(step => step.Kind == "run").Select(step => step.Instance).Order(StringComparer.Ordinal),
            service.Instances.Select(instance => instance.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_workers_report_costs_no_write()
    {
        var answer = await cluster.Post("/services/quiet", $$"""{"image":"{{Engine.Image}}","instances":3}""");
        Assert.True(answer.IsSuccessStatusCode, await RunningCluster.Text(answer));
        var decided = await cluster.Stored("quiet");

        await cluster.Runs("quiet", 3);
        Assert.Equal(decided, await cluster.Stored("quiet"));

        await cluster.Put("/services/quiet", """{"instances":2}""");
        Assert.NotEqual(decided, await cluster.Stored("quiet"));
    }

    [Fact]
    public async Task A_service_explains_where_it_runs_and_what_it_waits_for()
    {
        var answer = await cluster.Post(
            "/services/greedy", $$"""{"image":"{{Engine.Image}}","resources":{"reserve":{"memory":"900Gi"} } }""");
        Assert.True(answer.IsSuccessStatusCode, await RunningCluster.Text(answer));

        var why = await cluster.Get<ServiceExplanation>(0, "/services/greedy/explain");

        var slot = Assert.Single(why.Slots);
        Assert.Null(slot.Instance);
        Assert.Equal(["worker-a memory", "worker-b memory"], slot.Refused.Select(refused => $"{refused.Worker} {refused.Rule}"));
        Assert.Contains("900Gi", slot.Refused[0].Why);

        await cluster.Put("/services/greedy", """{"resources":null}""");
        await cluster.Runs("greedy", 1);
        slot = Assert.Single((await cluster.Get<ServiceExplanation>(0, "/services/greedy/explain")).Slots);
        Assert.Equal(2, slot.Candidates.Count);
        Assert.NotEmpty(slot.Reason!);
    }

    [Fact]
    public async Task A_service_can_be_rolled_back_and_restarted_by_hand()
    {
        await cluster.Create("byhand", 2);
        await cluster.Put("/services/byhand", """{"env":{"COLOUR":"green"},"update":{"monitor":"100ms"}}""");
        await Becomes("byhand", revision: 2);

        var back = await cluster.Send(HttpMethod.Post, "/services/byhand/rollback?why=green+is+ugly");
        Assert.True(back.IsSuccessStatusCode, await RunningCluster.Text(back));
        var service = await Becomes("byhand", revision: 1);
        Assert.Empty(service.Spec.Container.Env);
        Assert.Contains(await cluster.History("byhand"), line => line.Contains("green is ugly", StringComparison.Ordinal));

        var names = service.Instances.Select(instance => instance.Name).ToArray();
        await cluster.Send(HttpMethod.Post, "/services/byhand/restart");
        service = await cluster.Eventually(() => cluster.Service("byhand"),
            s => s.Rollout is null && s.Running == 2 && s.Instances.Count == 2
                && !s.Instances.Any(i => names.Contains(i.Name)), "both instances are new");
        Assert.Empty(service.Spec.Container.Env);
    }

    private Task<ServiceView> Becomes(string service, int revision) => cluster.Eventually(() => cluster.Service(service),
        s => s.Rollout is null && s.Running == 2 && s.Instances.Count == 2
            && s.Instances.All(i => i.Revision == revision), $"both instances run revision {revision}");

    private async Task<PlanView> Plan(string path, string? json = null)
    {
        var answer = await cluster.Send(HttpMethod.Post, path, json);
        var body = await RunningCluster.Text(answer);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<PlanView>(body, ContractsJson.Options)!;
    }
}
