using System.Net;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Services;
using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>What an operator asks: why, what if, and empty this machine.</summary>
public sealed class OperateTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly RunningCluster cluster = shared.Running;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drained_worker_is_empty_when_the_answer_comes_and_takes_instances_again_after()
    {
        await cluster.Create("drained", 4);

        var workers = cluster.Client().Workers;
        var plan = await workers.PlanDrain("worker-b", Cancel);
        Assert.Contains(plan.Steps, step =>
            step.Kind == "run" && step.Worker == "worker-a" && step.Reason.Contains("worker-b is draining", StringComparison.Ordinal));
        Assert.Contains((await cluster.Service("drained")).Instances, instance => instance.Worker == "worker-b");

        Assert.True((await workers.DrainAndWait("worker-b", cancel: Cancel)).Empty);
        Assert.All((await cluster.Service("drained")).Instances, instance => Assert.Equal("worker-a", instance.Worker));

        await workers.Undrain("worker-b", Cancel);
        await cluster.Change("drained", """{"instances":8}""");
        var service = await cluster.Runs("drained", 8);
        Assert.Equal(4, service.Instances.Count(instance => instance.Worker == "worker-b"));
        await cluster.Withdraw("drained");
    }

    [Fact]
    public async Task A_drain_that_cannot_end_says_what_holds_it()
    {
        await cluster.Make("held",
            $$"""{"image":"{{Engine.Image}}","instances":2,"placement":{"maxPerWorker":1} }""");
        await cluster.Runs("held", 2);

        var held = await Assert.ThrowsAsync<ProblemException>(() => cluster.Client().Workers.DrainAndWait("worker-a", 1, Cancel));
        await cluster.Client().Workers.Undrain("worker-a", Cancel);

        Assert.Equal(HttpStatusCode.Conflict, held.Status);
        Assert.Contains(held.Holds, it => it.StartsWith("held-", StringComparison.Ordinal)
            && it.Contains("no worker can take its successor", StringComparison.Ordinal));
        await cluster.Withdraw("held");
    }

    [Fact]
    public async Task A_dry_run_tells_the_steps_and_does_nothing_and_the_real_run_takes_them()
    {
        var spec = new ServiceSpec { Container = new() { Image = Engine.Image, Ports = [new(80)] }, Instances = 3 };
        var plan = await cluster.Client().Services.Plan("planned", new CreateService(spec), cancel: Cancel);
        Assert.Null(await cluster.Client().Services.Find("planned", Cancel));

        var service = await cluster.Create("planned", 3);

        Assert.Equal(
            plan.Steps.Where(step => step.Kind == "run").Select(step => step.Instance).Order(StringComparer.Ordinal),
            service.Instances.Select(instance => instance.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_workers_report_costs_no_write()
    {
        await cluster.Make("quiet", $$"""{"image":"{{Engine.Image}}","instances":3}""");
        var decided = await cluster.Stored("quiet");

        await cluster.Runs("quiet", 3);
        Assert.Equal(decided, await cluster.Stored("quiet"));

        await cluster.Change("quiet", """{"instances":2}""");
        Assert.NotEqual(decided, await cluster.Stored("quiet"));
    }

    [Fact]
    public async Task A_service_explains_where_it_runs_and_what_it_waits_for()
    {
        await cluster.Make("greedy", $$"""{"image":"{{Engine.Image}}","resources":{"reserve":{"memory":"900Gi"} } }""");

        var why = await cluster.Client().Services.Explain("greedy", cancel: Cancel);

        var slot = Assert.Single(why.Slots);
        Assert.Null(slot.Instance);
        Assert.Equal(["worker-a memory", "worker-b memory"], slot.Refused.Select(refused => $"{refused.Worker} {refused.Rule}"));
        Assert.Contains("900Gi", slot.Refused[0].Why);

        await cluster.Change("greedy", """{"resources":null}""");
        await cluster.Runs("greedy", 1);
        slot = Assert.Single((await cluster.Client().Services.Explain("greedy", cancel: Cancel)).Slots);
        Assert.Equal(2, slot.Candidates.Count);
        Assert.NotEmpty(slot.Reason!);
    }

    [Fact]
    public async Task A_service_can_be_rolled_back_and_restarted_by_hand()
    {
        await cluster.Create("byhand", 2);
        await cluster.Change("byhand", """{"env":{"COLOUR":"green"},"update":{"monitor":"100ms"}}""");
        await Becomes("byhand", revision: 2);

        await cluster.Client().Services.Change("byhand", new RollBack(), new() { Why = "green is ugly" }, Cancel);
        var service = await Becomes("byhand", revision: 1);
        Assert.Empty(service.Spec.Container.Env);
        Assert.Contains(await cluster.History("byhand"), line => line.Contains("green is ugly", StringComparison.Ordinal));

        var names = service.Instances.Select(instance => instance.Name).ToArray();
        await cluster.Client().Services.Change("byhand", new RestartInstances(), cancel: Cancel);
        service = await cluster.Eventually(() => cluster.Service("byhand"),
            s => s.Rollout is null && s.Running == 2 && s.Instances.Count == 2
                && !s.Instances.Any(i => names.Contains(i.Name)), "both instances are new");
        Assert.Empty(service.Spec.Container.Env);
    }

    private Task<ServiceView> Becomes(string service, int revision) => cluster.Eventually(() => cluster.Service(service),
        s => s.Rollout is null && s.Running == 2 && s.Instances.Count == 2
            && s.Instances.All(i => i.Revision == revision), $"both instances run revision {revision}");
}
