using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Tests.Members;

public sealed class MemberTableTests
{
    private static readonly LivenessRules Rules = new();

    private MemberTable table = MemberTable.From([], default);
    private RegistryTime now;

    [Fact]
    public void A_new_worker_joins_ready_and_reports_everything()
    {
        var (answer, what) = Renew("a");

        Assert.Equal((true, Rules.LostAfter, "joined"), (answer.ReportEverything, answer.Lease, what));
        Assert.Equal("a ready", Health());
    }

    [Fact]
    public void A_steady_worker_wakes_nobody()
    {
        Renew("a");
        now += TimeSpan.FromSeconds(1);
        var (answer, what) = Renew("a");
        Assert.Equal((false, null), (answer.ReportEverything, what));
    }

    [Fact]
    public void A_silent_worker_is_suspect_then_lost_and_its_services_look_again()
    {
        Renew("a", services: ["web"]);
        Renew("b");
        Renew("c");

        Pass(2.6, "b", "c");
        Assert.Equal(("a suspect, b ready, c ready", ""), (Health(), Judge()));
        Pass(2.5, "b", "c");
        Assert.Equal(("a lost: web", "a lost, b ready, c ready"), (Judge(), Health()));
        Assert.Equal("", Judge());
    }

    [Fact]
    public void A_lost_worker_that_returns_is_ready_and_reports_everything()
    {
        Renew("a");
        Renew("b");
        Pass(5.1, "b");
        Judge();

        var (answer, what) = Renew("a", services: ["web"]);

        Assert.Equal((true, "returned", "a ready, b ready"), (answer.ReportEverything, what, Health()));
    }

    [Fact]
    public void When_more_vanish_than_remain_nobody_is_declared_lost_and_it_says_why()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" }) Renew(name);

        Pass(6, "d", "e");

        Assert.Equal(("", "a suspect, b suspect, c suspect, d ready, e ready"), (Judge(), Health()));
        Assert.StartsWith("3 of 5 workers are silent", table.Brake);
    }

    [Fact]
    public void The_brake_is_let_go_when_enough_return()
    {
        foreach (var name in new[] { "a", "b", "c" }) Renew(name);
        Pass(6, "c");
        Judge();
        Assert.NotNull(table.Brake);

        Renew("b");
        Assert.Equal(("", null), (Judge(), table.Brake));
    }

    [Fact]
    public void When_the_brake_lets_go_who_is_still_silent_has_a_whole_lease_to_be_heard_in()
    {
        foreach (var name in new[] { "a", "b" }) Renew(name);
        Pass(6);
        Judge();
        Pass(6, "b");
        Assert.Equal(("", "a suspect, b ready"), (Judge(), Health()));

        Pass(4.9, "b");
        Assert.Equal("", Judge());
        Pass(0.2, "b");
        Assert.Equal("a lost: ", Judge());
    }

    [Fact]
    public void Silence_of_the_majority_that_was_too_short_for_a_loss_is_not_held_against_anybody()
    {
        foreach (var name in new[] { "a", "b" }) Renew(name);
        Pass(2.6);
        Judge();
        Pass(2.3, "b");
        Judge();

        Pass(2.2, "b");
        Assert.Equal("", Judge());
        Pass(0.3, "b");
        Assert.Equal("a lost: ", Judge());
    }

    [Fact]
    public void Pauses_of_the_registry_make_a_worker_suspect_but_are_not_held_against_it()
    {
        foreach (var name in new[] { "a", "b" }) Renew(name);
        now = new(now.Passed + TimeSpan.FromSeconds(20), now.Heard + TimeSpan.FromSeconds(1.5));
        Renew("b");
        Assert.Equal(("", "a suspect, b ready"), (Judge(), Health()));

        Pass(3.4, "b");
        Assert.Equal("", Judge());
        Pass(0.2, "b");
        Assert.Equal("a lost: ", Judge());
    }

    [Fact]
    public void A_worker_that_a_person_is_sure_of_is_lost_in_spite_of_the_brake_and_the_others_are_not()
    {
        foreach (var name in new[] { "a", "b", "c" }) Renew(name);
        Pass(4, "c");
        table = table.ConfirmLoss(["a"]);
        Assert.Equal("", Judge());

        Pass(1.1, "c");
        Assert.Equal("a lost: ", Judge());
        Assert.Equal("a lost, b suspect, c ready", Health());
    }

    [Fact]
    public void A_worker_that_is_heard_again_is_not_gone_whoever_was_sure_of_it()
    {
        foreach (var name in new[] { "a", "b", "c" }) Renew(name);
        Pass(4, "c");
        table = table.ConfirmLoss(["a"]);
        Renew("a");
        Pass(6, "c");
        Assert.Equal("", Judge());
    }

    [Fact]
    public void Who_is_there_or_unknown_cannot_be_taken_for_gone()
    {
        foreach (var name in new[] { "a", "b" }) Renew(name);
        Pass(3, "b");
        Assert.Equal(
            [null, "'b' is there: it was heard 0s ago", "'x' is not a known worker"],
            new[] { "a", "b", "x" }.Select(name => table.WhyNotGone(name, Rules, now)));
    }

    [Fact]
    public void A_silent_worker_says_so_and_that_the_brake_holds()
    {
        foreach (var name in new[] { "a", "b" }) Renew(name);
        Pass(3, "b");
        Assert.Equal("it is silent", table.Workers(Rules, now)[0].Note);
        Pass(3);
        Judge();
        Assert.StartsWith("it is silent, and not declared lost: 2 of 2 workers are silent", table.Workers(Rules, now)[0].Note);
    }

    [Fact]
    public void A_person_can_overrule_the_brake_once()
    {
        foreach (var name in new[] { "a", "b", "c" }) Renew(name);
        Pass(6, "c");
        table = table with { BrakeOverruled = true };

        Assert.Equal("a lost: ; b lost: ", Judge());
        Assert.False(table.BrakeOverruled, "the overruling ends with the silence it was meant for");
    }

    [Fact]
    public void Workers_lost_one_after_the_other_do_not_count_for_the_brake()
    {
        foreach (var name in new[] { "a", "b", "c" }) Renew(name);
        Pass(6, "b", "c");
        Assert.Equal("a lost: ", Judge());
        Pass(6, "c");
        Assert.Equal("b lost: ", Judge());
    }

    [Fact]
    public void The_only_worker_is_never_declared_lost()
    {
        Renew("a");
        Pass(60);
        Assert.Equal(("", "a suspect"), (Judge(), Health()));
    }

    [Fact]
    public void After_the_registry_was_activated_again_the_grace_is_doubled_once()
    {
        table = MemberTable.From([new("a", false, false), new("b", false, false), new("c", false, false)], now);

        Pass(6, "b", "c");
        Assert.Equal("", Judge());
        Pass(4.1, "b", "c");
        Assert.Equal("a lost: ", Judge());

        Renew("a");
        Pass(5.1, "b", "c");
        Assert.Equal("a lost: ", Judge());
    }

    [Fact]
    public void What_was_declared_and_wished_survives_the_registry()
    {
        Renew("a");
        Renew("b");
        Pass(6, "b");
        Judge();
        table = table.SetDraining(new DrainWish("b", true))!.Value.Table;

        Assert.Equal([new KnownWorker("a", false, true), new KnownWorker("b", true, false)], table.Known);
        table = MemberTable.From(table.Known, now);
        Assert.Equal("a lost, b suspect draining", Health());
    }

    [Fact]
    public void A_service_that_waits_for_room_is_woken_once_when_there_is_some()
    {
        Renew("a", reserved: 2);
        table = table.WaitsForRoom("web");

        Assert.Null(Renew("a", reserved: 2).What);
        Assert.Equal("has room", Renew("a", reserved: 1).What);
        Assert.Equal(["web"], lastChange!.Services);
        Assert.Null(Renew("a", reserved: 0).What);
    }

    [Fact]
    public void An_older_process_of_a_worker_gets_no_lease()
    {
        Renew("a", incarnation: 2);
        var (answer, _) = Renew("a", incarnation: 1);
        Assert.Equal(TimeSpan.Zero, answer.Lease);
        Assert.Equal(2, table.Leases["a"].Report!.Incarnation);
    }

    [Fact]
    public void A_report_that_was_overtaken_changes_nothing()
    {
        Renew("a", sequence: 2);
        var (answer, what) = Renew("a", sequence: 1, engineProblem: "the engine's containers have not been seen yet");
        Assert.Equal((Rules.LostAfter, null), (answer.Lease, what));
        Assert.Equal("a ready", Health());
    }

    [Fact]
    public void A_worker_whose_engine_does_not_answer_takes_nothing_new()
    {
        Renew("a", engineProblem: "no answer for 10 s");
        Assert.Equal("a suspect", Health());
        var shown = Assert.Single(table.Members(Rules, now));
        Assert.Equal((WorkerHealth.Suspect, "no answer for 10 s"), (shown.Status, shown.Note));
    }

    [Fact]
    public void Images_are_remembered_when_a_report_leaves_them_out()
    {
        Renew("a", images: ["nginx"]);
        Renew("a");
        Renew("b");
        Assert.Equal([(1L, 0), (null, 0)], table.Workers(Rules, now).Select(it => (it.ImagesAt, it.Images.Count)));
        Assert.Equal([new("a", 1, ["nginx"])], table.Images(["a", "b", "c"]));
        Renew("a", images: ["nginx", "redis"]);
        Assert.Equal([new("a", 4, ["nginx", "redis"])], table.Images(["a"]));
    }

    [Fact]
    public void What_a_worker_allows_is_told_to_the_services_and_those_that_wait_look_again_when_it_changes()
    {
        Renew("a", policy: new());
        Assert.Equal(new WorkerPolicy(), Assert.Single(table.Workers(Rules, now)).Policy);
        table = table.WaitsForRoom("web");

        Assert.Null(Renew("a", policy: new()).What);
        var (_, what) = Renew("a", policy: new() { BindPaths = ["/srv"] });

        Assert.Equal(("has room", "[web]"), (what, $"{lastChange!.Services}"));
        Assert.Equal(["/srv"], Assert.Single(table.Workers(Rules, now)).Policy!.BindPaths);
    }

    private MemberChange? lastChange;
    private long lastSequence;

    private (LeaseAnswer Answer, string? What) Renew(
        string name, long incarnation = 1, double reserved = 0, ValueList<string>? services = null, ValueList<string>? images = null,
            string? engineProblem = null, long? sequence = null, WorkerPolicy? policy = null)
    {
        var report = new WorkerReport
        {
            Name = name,
            Incarnation = incarnation,
            Sequence = sequence ?? ++lastSequence,
            Address = "127.0.0.1",
            Capacity = new WorkerCapacity(4),
            Load = new WorkerLoad { Reserved = new ResourceAmount(reserved) },
            Services = services ?? [],
            Images = images,
            EngineProblem = engineProblem,
            Policy = policy,
        };
        (table, var answer, lastChange) = table.Renew(report, Rules, now);
        return (answer, lastChange?.What);
    }

    /// <summary>Time passes; the named workers renew at its end.</summary>
    private void Pass(double seconds, params string[] alive)
    {
        now += TimeSpan.FromSeconds(seconds);
        foreach (var name in alive) Renew(name);
    }

    private string Judge()
    {
        (table, var changes) = table.Judge(Rules, now);
        return string.Join("; ", changes.Select(change => $"{change.Worker} {change.What}: {string.Join(',', change.Services)}"));
    }

    private string Health() => string.Join(", ", table.Workers(Rules, now)
        .Select(worker => $"{worker.Name} {worker.Health.ToString().ToLowerInvariant()}{(worker.Draining ? " draining" : "")}"));
}
