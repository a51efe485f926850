using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>Containers of which no decision speaks: adopted, ended or forgotten.</summary>
public sealed class StrayExamples
{
    [Theory]
    [InlineData("web:2", "web-1-r1-a2")]
    [InlineData("web:1", "web-1-r1-a1")]
    public void After_the_store_was_lost_a_name_alone_proves_nothing(string image, string serves)
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a");
        cluster.Record = null;
        cluster.Create(new ServiceSpec { Container = new() { Image = image } });
        cluster.Settle();
        Assert.Equal([$"{serves} on a"], cluster.Live);
        Assert.InRange(cluster.FewestReady, 1, int.MaxValue);
    }

    [Fact]
    public void What_carries_no_fingerprint_is_believed_by_its_name()
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a");
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running });
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Live);
    }

    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 2 };

    private readonly CalmCluster cluster = new("a", "b");

    private string Running(string instance, string worker = "a", Phase phase = Phase.Running, InstanceHealth health = InstanceHealth.None,
        string? fingerprint = null)
    {
        cluster.Tell(worker, new InstanceReport { Instance = instance, Phase = phase, Health = health, StartedAt = cluster.Now,
            Fingerprint = fingerprint, ExitCode = phase == Phase.Exited ? 7 : null });
        return string.Join("; ", cluster.Decide().Steps.Where(s => s.Instance == instance)
            .Select(s => $"{s.GetType().Name.ToLowerInvariant()}: {s.Reason}"));
    }

    /// <summary>
    /// Two slots that had an instance each and have none now: the first has failed too often, the second waits for its next try.
    /// </summary>
    private void EmptySlots()
    {
        cluster.Create(Web with { Restart = new RestartPolicy { Delay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } });
        cluster.Settle();
        foreach (var slot in new[] { 1, 2 })
        {
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                cluster.Kill($"web-{slot}-r1-a{attempt}", 1);
                cluster.Settle();
            }
        }

        Assert.Empty(cluster.Live);
    }

    [Fact]
    public void One_that_nobody_wants_is_stopped_with_the_reason()
    {
        cluster.Create(Web);
        cluster.Settle();
        Assert.Equal("stop: slot 5 is no longer wanted", Running("web-5-r1-a1"));
        Assert.Equal("stop: slot 1 has been given to web-1-r1-a1", Running("web-1-r1-a9"));
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Assert.Equal("stop: slot 1 runs revision 2 now", Running("web-1-r1-a8"));
        cluster.Change(new WithdrawService());
        Assert.Equal("stop: the service was withdrawn", Running("web-1-r1-a7"));
    }

    [Fact]
    public void One_that_has_ended_is_forgotten_and_one_that_is_ending_left_to_end()
    {
        cluster.Create(Web);
        cluster.Settle();
        Assert.Equal("forget: ended (exit code 7) and replaced or no longer wanted", Running("web-5-r1-a1", phase: Phase.Exited));
        Assert.Equal("", Running("web-6-r1-a1", phase: Phase.Stopping));
    }

    [Fact]
    public void Names_of_another_shape_or_service_are_not_touched()
    {
        cluster.Create(Web);
        cluster.Settle();
        Assert.Equal("", Running("my-database"));
        Assert.Equal("", Running("shop-1-r1-a1"));
    }

    [Fact]
    public void Nothing_is_ordered_on_a_worker_that_is_lost_or_unknown()
    {
        cluster.Create(Web);
        cluster.Settle();
        cluster.Workers.Add(CalmCluster.NewWorker("c") with { Health = WorkerHealth.Lost });
        Assert.Equal("", Running("web-5-r1-a1", "c"));
        Assert.Equal("", Running("web-6-r1-a1", "nobody"));
    }

    [Fact]
    public void One_that_an_empty_slot_wants_is_adopted_and_the_numbers_go_on_from_it()
    {
        EmptySlots();
        Assert.Equal("", Running("web-1-r1-a9"));
        Assert.Equal(("web-1-r1-a9", "was still there when a came back"),
            (cluster.Record!.Instances.Single().Name, cluster.Record.Instances.Single().Reason));
        Assert.Equal(9, cluster.Record.Slots[0].Attempt);
        Assert.Equal("web-1-r1-a9 was still there when a came back and was adopted", cluster.Record.History[^1].What);
    }

    [Fact]
    public void One_that_comes_back_and_serves_is_kept_as_long_as_its_replacement_does_not()
    {
        Replaced(Web with { Instances = 1 }, out var replacement);
        Assert.Equal("", Running("web-1-r1-a1"));
        Assert.Equal(
            ["web-1-r1-a1 on a: Run", $"{replacement} on b: Stop"],
            cluster.Record!.Instances.Select(i => $"{i.Name} on {i.Worker}: {i.Intent}").Order(StringComparer.Ordinal));
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void One_that_comes_back_after_its_replacement_serves_is_ended()
    {
        Replaced(Web with { Instances = 1 }, out var replacement);
        cluster.Tell("b", new InstanceReport { Instance = replacement, Phase = Phase.Running, StartedAt = cluster.Now });
        Assert.Equal($"stop: slot 1 has been given to {replacement}", Running("web-1-r1-a1"));
    }

    [Fact]
    public void One_that_does_not_serve_is_ended_when_it_comes_back()
    {
        Replaced(Web with { Instances = 1 }, out var replacement);
        Assert.Equal($"stop: slot 1 has been given to {replacement}", Running("web-1-r1-a1", health: InstanceHealth.Starting));
    }

    [Fact]
    public void One_that_may_run_once_only_does_not_come_back_beside_its_replacement()
    {
        var once = Web with { Instances = 1 };
        Replaced(once with { Container = once.Container with { OnLeaseLost = LeaseLoss.Stop } }, out var replacement);
        Assert.Equal($"stop: slot 1 has been given to {replacement}", Running("web-1-r1-a1"));
    }

    [Fact]
    public void One_that_serves_on_a_suspect_worker_is_not_ended_before_its_replacement_serves()
    {
        Replaced(Web with { Instances = 1 }, out var replacement);
        cluster.Edit("a", w => w with { Health = WorkerHealth.Suspect });
        Assert.Equal("", Running("web-1-r1-a1"));
        Assert.Equal([$"slot 1: web-1-r1-a1 may serve on a, which is suspect, until {replacement} does"], cluster.Last!.Waiting);
        cluster.Tell("b", new InstanceReport { Instance = replacement, Phase = Phase.Running, StartedAt = cluster.Now });
        Assert.Equal($"stop: slot 1 has been given to {replacement}", Running("web-1-r1-a1"));
    }

    [Fact]
    public void Nor_is_anybody_spared_there_who_is_wrong()
    {
        Replaced(Web with { Instances = 1 }, out _);
        cluster.Edit("a", w => w with { Health = WorkerHealth.Suspect });
        Assert.Equal("stop: it was made from something else than revision 1", Running("web-1-r1-a1", fingerprint: "other"));
    }

    [Fact]
    public void Of_a_withdrawn_service_its_worker_need_keep_nothing()
    {
        cluster.Create(Web);
        cluster.Settle();
        cluster.Change(new WithdrawService());
        cluster.Step();
        Assert.All(cluster.Decide().Steps, step => Assert.True(step is Forget { Withdrawn: true }));
        Assert.NotEmpty(cluster.Last!.Steps);
    }

    [Theory]
    [InlineData(Phase.Running, InstanceHealth.Unhealthy, null, "it is unhealthy, and nobody waits for it")]
    [InlineData(Phase.Prepared, InstanceHealth.None, null, "it was only made ready, and nobody waits for it")]
    [InlineData(Phase.Running, InstanceHealth.None, "other", "it was made from something else than revision 1")]
    public void Why_one_is_ended_is_what_is_wrong_with_it(Phase phase, InstanceHealth health, string? fingerprint, string why)
    {
        EmptySlots();
        Assert.Equal($"stop: {why}", Running("web-1-r1-a9", "a", phase, health, fingerprint));
    }

    /// <summary>The instance on a was lost with its worker; the replacement on b does not run yet; a is ready again.</summary>
    private void Replaced(ServiceSpec spec, out string replacement)
    {
        cluster.Edit("b", w => w with { Draining = true });
        cluster.Create(spec);
        cluster.Settle();
        Assert.Equal("a", cluster.Record!.Instances.Single().Worker);
        cluster.Edit("b", w => w with { Draining = false });
        cluster.Edit("a", w => w with { Health = WorkerHealth.Lost });
        cluster.Decide();
        replacement = cluster.Record!.Instances.Single().Name;
        Assert.Equal("b", cluster.Record!.Instances.Single().Worker);
        cluster.Edit("a", w => w with { Health = WorkerHealth.Ready });
    }

    [Fact]
    public void What_runs_on_a_silent_worker_says_so_with_what_is_known()
    {
        cluster.Create(Web);
        cluster.Settle();
        cluster.Edit("a", w => w with { Health = WorkerHealth.Suspect, Note = "not heard since noon" });
        var slot = cluster.Record!.Instances.Single(i => i.Worker == "a").Slot;
        Assert.Equal([$"slot {slot}: a is suspect: not heard since noon; what it has may run on"], cluster.Decide().Waiting);
    }

    [Fact]
    public void A_suspect_worker_s_is_adopted_as_well_and_not_ended()
    {
        EmptySlots();
        cluster.Edit("a", w => w with { Health = WorkerHealth.Suspect });
        Assert.Equal("", Running("web-1-r1-a9"));
        Assert.Equal("web-1-r1-a9", cluster.Record!.Instances.Single().Name);
    }

    [Theory]
    [InlineData(UpdateOrder.StopFirst, "waits until web-1-r1-a9 on b has ended", 0)]
    [InlineData(UpdateOrder.StartFirst, null, 1)]
    public void Where_never_two_may_live_in_a_slot_it_is_filled_once_the_stray_has_ended(UpdateOrder order, string? waiting, int begun)
    {
        cluster.Create(Web with { Instances = 1, Update = new UpdatePolicy { Order = order } });
        Running("web-1-r1-a9", "b", health: InstanceHealth.Unhealthy);
        Assert.Equal((waiting, begun), (cluster.Last!.WaitingBySlot.GetValueOrDefault(1), cluster.Record!.Instances.Count));
        cluster.Settle();
        Assert.Single(cluster.Live);
    }

    [Fact]
    public void Of_several_the_one_that_serves_is_adopted_then_the_newest()
    {
        EmptySlots();
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a9", Phase = Phase.Starting });
        cluster.Tell("b", new InstanceReport { Instance = "web-1-r1-a8", Phase = Phase.Running });
        cluster.Tell("a", new InstanceReport { Instance = "web-2-r1-a5", Phase = Phase.Running });
        cluster.Tell("b", new InstanceReport { Instance = "web-2-r1-a6", Phase = Phase.Running });
        cluster.Decide();
        Assert.Equal(["web-1-r1-a8 on b", "web-2-r1-a6 on b"], cluster.Record!.Instances.Select(i => $"{i.Name} on {i.Worker}"));
    }

    [Fact]
    public void They_are_dealt_with_in_the_order_of_their_slots_those_that_serve_first_then_the_newest()
    {
        cluster.Create(Web with { Instances = 0 });
        foreach (var (instance, phase) in new[] { ("web-6-r1-a1", Phase.Running), ("web-5-r2-a3", Phase.Starting),
            ("web-5-r1-a3", Phase.Starting), ("web-5-r1-a4", Phase.Starting), ("web-5-r1-a1", Phase.Running),
            ("web-5-r1-a2", Phase.Running) })
            cluster.Tell("a", new InstanceReport { Instance = instance, Phase = phase });
        Assert.Equal(
            ["web-5-r1-a2", "web-5-r1-a1", "web-5-r1-a4", "web-5-r1-a3", "web-5-r2-a3", "web-6-r1-a1"],
                cluster.Decide().Steps.Select(s => s.Instance));
    }

    [Theory]
    [InlineData(Phase.Stopping, InstanceHealth.None)]
    [InlineData(Phase.Running, InstanceHealth.Unhealthy)]
    public void One_that_is_ending_or_unhealthy_is_not_adopted(Phase phase, InstanceHealth health)
    {
        EmptySlots();
        Running("web-1-r1-a9", "a", phase, health);
        Assert.Empty(cluster.Record!.Instances);
    }

    [Fact]
    public void A_slot_that_has_ended_for_good_adopts_nothing()
    {
        cluster.Create(Web with { Instances = 1, Restart = new RestartPolicy { Condition = RestartCondition.Never } });
        cluster.Settle();
        cluster.Kill("web-1-r1-a1", 0);
        cluster.Settle();
        Assert.Equal("stop: slot 1 is not to run: finished with exit code 0; its restart policy is never", Running("web-1-r1-a9"));
        Assert.Empty(cluster.Record!.Instances);
    }

    [Fact]
    public void A_global_slot_adopts_only_on_its_own_worker()
    {
        cluster.Create(Web with { Mode = ServiceMode.Global,
            Restart = new RestartPolicy { Delay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } });
        cluster.Settle();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            cluster.Kill($"web-1-r1-a{attempt}", 1);
            cluster.Settle();
        }

        Assert.Equal("stop: slot 1 belongs to a", Running("web-1-r1-a8", "b"));
        Assert.Equal("", Running("web-1-r1-a9", "a"));
        Assert.Contains(cluster.Record!.Instances, i => i.Name == "web-1-r1-a9");
    }

    [Theory]
    [InlineData("web-1-r1-a5", "web-1-r1-a6")]
    [InlineData("web-1-r1-a6", "web-1-r1-a5")]
    public void Of_two_the_one_that_serves_is_adopted(string serves, string other)
    {
        EmptySlots();
        foreach (var (worker, name, health) in new[] { ("b", other, InstanceHealth.Starting), ("a", serves, InstanceHealth.None) })
        {
            cluster.Tell(worker, new InstanceReport { Instance = name, Phase = Phase.Running, Health = health, StartedAt = cluster.Now });
        }

        cluster.Decide();
        Assert.Equal([serves], cluster.Record!.Instances.Select(i => i.Name));
    }
}
