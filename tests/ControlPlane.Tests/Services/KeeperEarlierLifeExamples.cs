using System.Text.Json.Nodes;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>The store came back empty, and containers of the service run: it is created anew beside them.</summary>
public sealed class KeeperEarlierLifeExamples
{
    private readonly ServiceStage stage = new("a", "b");
    private long sequence = 1000;

    public KeeperEarlierLifeExamples()
    {
        foreach (var worker in new[] { "a", "b" }) stage.Workers.ByName[worker] = stage.Workers.ByName[worker] with { Holds = ["web"] };
    }

    [Fact]
    public async Task What_was_made_from_the_spec_goes_on_under_its_number_and_only_what_lacks_is_begun()
    {
        await Create("""{"image":"web:1","instances":3}""");
        Assert.Empty(stage.Take("orders"));
        await Hear("a", "web:1", "web-1-r4-a2");
        Assert.Empty(stage.Take("orders"));
        await Hear("b", "web:1", "web-3-r4-a1");
        Assert.Equal(
            ["saves epoch 1, revision 4: web-1-r4-a2, web-2-r4-a1, web-3-r4-a1", "orders run web-2-r4-a1 on a, epoch 1"],
            stage.Take("saves", "orders"));
    }

    [Fact]
    public async Task What_was_made_from_another_spec_ends_and_the_new_one_has_a_number_above()
    {
        await Create("""{"image":"web:2"}""");
        await Hear("a", "web:1", "web-1-r4-a2");
        await Hear("b", "web:1");
        var decided = stage.Take("saves", "orders");
        Assert.Contains(decided, it => it.Contains("stop web-1-r4-a2 on a", StringComparison.Ordinal));
        Assert.Contains(decided, it => it.Contains("revision 5: web-1-r5-a1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_may_run_once_only_is_not_begun_beside_what_runs()
    {
        await Create("""{"image":"web:2","onLeaseLost":"stop"}""");
        await Hear("b", "web:1");
        Assert.Empty(stage.Take("orders"));
        await Hear("a", "web:1", "web-1-r4-a1");
        Assert.Equal(["orders stop web-1-r4-a1 on a, epoch 1"], stage.Take("orders"));
        await Hear("a", "web:1");
        Assert.Contains(stage.Take("orders"), it => it.StartsWith("orders run web-1-r5-a1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_in_a_slot_one_goes_on_and_what_is_too_many_ends()
    {
        await Create("""{"image":"web:1","instances":1}""");
        await Hear("a", "web:1", "web-1-r1-a1", "web-2-r1-a1");
        await Hear("b", "web:1", "web-1-r1-a2");
        var orders = string.Join("; ", stage.Take("orders"));
        Assert.Contains("stop web-1-r1-a1 on a", orders, StringComparison.Ordinal);
        Assert.Contains("stop web-2-r1-a1 on a", orders, StringComparison.Ordinal);
        Assert.DoesNotContain("run", orders, StringComparison.Ordinal);
        Assert.DoesNotContain("web-1-r1-a2", orders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_such_container_nobody_is_waited_for()
    {
        foreach (var worker in new[] { "a", "b" }) stage.Workers.ByName[worker] = stage.Workers.ByName[worker] with { Holds = [] };
        await Create("""{"image":"web:1"}""");
        Assert.Single(stage.Take("orders"));
    }

    [Fact]
    public async Task A_worker_that_is_lost_is_not_waited_for_any_longer()
    {
        await Create("""{"image":"web:1"}""");
        await Hear("a", "web:1");
        stage.Workers.ByName["b"] = stage.Workers.ByName["b"] with { Health = Contracts.Workers.WorkerHealth.Lost };
        stage.Journal.Clear();
        await stage.Keeper.LookAgain("b is lost");
        Assert.Equal(["orders run web-1-r1-a1 on a, epoch 1"], stage.Take("orders"));
    }

    private Task<ServiceAnswer> Create(string spec) => stage.Ask(Wish.Create(spec));

    /// <summary>A worker tells all that it has, each made from a spec with this image.</summary>
    private Task Hear(string worker, string image, params string[] instances)
    {
        var (spec, _) = SpecFields.Merge(new ServiceSpec(), JsonNode.Parse($$"""{"image":"{{image}}"}""")!.AsObject());
        return stage.Keeper.Report(new ServiceReport
        {
            Worker = worker, Service = "web", Sequence = ++sequence, Complete = true,
            Instances = instances.Select(it => new InstanceReport
            {
                Instance = it, Phase = Phase.Running, Fingerprint = Fingerprint.Of(spec.Container),
            }).ToValueList(),
        });
    }
}
