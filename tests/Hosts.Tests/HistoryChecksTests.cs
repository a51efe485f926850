using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts;

/// <summary>The judge is judged: each sentence on a history in which it is broken, and on its neighbour in which it is not.</summary>
public sealed class HistoryChecksTests
{
    private static readonly Change Once = Asked(0, ChangeKind.Create, 1, atMostOne: true);

    [Fact]
    public void An_instance_that_began_before_its_predecessor_ended_is_two_at_once()
    {
        var broken = new History { Changes = [Once], Lives = [Life(1, 9, "worker-a"), Life(8, null, "worker-b", attempt: 2)] }.Broken();
        Assert.Equal(["two at once: web-1-r1-a1 on worker-a and web-1-r1-a2 on worker-b from 8.00 s to 9.00 s"], broken);
    }

    [Fact]
    public void A_predecessor_that_never_ended_is_two_at_once_with_everyone_after_it() =>
        Assert.Equal(2, new History
        {
            Changes = [Once],
            Lives = [Life(1, null, "worker-a"), Life(5, 6, "worker-b", attempt: 2), Life(7, 8, "worker-b", attempt: 3)],
        }.Broken().Count);

    [Fact]
    public void One_after_the_other_is_never_two()
        => Assert.Empty(new History { Changes = [Once], Lives = [Life(1, 8, "worker-a"), Life(8, null, "worker-b", attempt: 2)] }.Broken());

    [Fact]
    public void Two_slots_may_live_beside_each_other() =>
        Assert.Empty(new History { Changes = [Once], Lives = [Life(1, null, "worker-a"), Life(1, null, "worker-b", slot: 2)] }.Broken());

    [Fact]
    public void Where_it_is_not_promised_two_may_live_at_once() =>
        Assert.Empty(new History
        {
            Changes = [Once with { AtMostOne = false }], Lives = [Life(1, 9, "worker-a"), Life(8, null, "worker-b", attempt: 2)],
        }.Broken());

    [Fact]
    public void In_calm_the_wanted_count_is_kept()
    {
        var history = new History
        {
            Changes = [Asked(0, ChangeKind.Create, 2)], Calms = [new Calm(At(10), At(20))],
            Lives = [Life(1, 12, "worker-a"), Life(1, null, "worker-b", slot: 2), Life(13, null, "worker-a", attempt: 2)],
        };
        Assert.Equal(["1 of 2: web at 12.00 s, when nothing was broken"], history.Broken());
        Assert.Empty((history with { Calms = [new Calm(At(14), At(20))] }).Broken());
    }

    [Fact]
    public void A_release_and_a_rollback_leave_the_wanted_count()
    {
        var history = new History
        {
            Changes = [Asked(0, ChangeKind.Create, 1), Asked(2, ChangeKind.Release, 0), Asked(4, ChangeKind.Rollback, 0)],
            Calms = [new Calm(At(10), At(20))], Lives = [Life(1, null, "worker-a")],
        };
        Assert.Empty(history.Broken());
        Assert.Equal(["0 of 1: web at 10.00 s, when nothing was broken"], (history with { Lives = [] }).Broken());
    }

    [Fact]
    public void Too_many_are_as_wrong_as_too_few() =>
        Assert.Equal(["2 of 1: web at 10.00 s, when nothing was broken"], new History
        {
            Changes = [Asked(0, ChangeKind.Create, 1)], Calms = [new Calm(At(10), At(20))],
            Lives = [Life(1, null, "worker-a"), Life(1, null, "worker-b", slot: 2)],
        }.Broken());

    [Fact]
    public void A_service_that_was_accepted_and_is_not_there_is_lost() =>
        Assert.Equal(["lost: web was to have 1 instances, and has nothing"], Resting([Asked(0, ChangeKind.Create, 1)], []).Broken());

    [Fact]
    public void What_was_accepted_last_counts()
    {
        Change[] changes = [Asked(0, ChangeKind.Create, 1), Asked(1, ChangeKind.Update, 2)];
        Assert.Equal(["lost: web was to have 2 instances, and has 1 instances"], Resting(changes, ["web-1-r1-a1"]).Broken());
        Assert.Empty(Resting(changes, ["web-1-r1-a1", "web-2-r1-a1"]).Broken());
    }

    [Fact]
    public void What_was_refused_must_not_have_been_done_and_what_is_unknown_may_have_been()
    {
        Change[] changes = [Asked(0, ChangeKind.Create, 1), Asked(1, ChangeKind.Update, 2, outcome: Outcome.NotDone)];
        Assert.Equal(["lost: web was to have 1 instances, and has 2 instances"], Resting(changes, ["web-1-r1-a1", "web-2-r1-a1"]).Broken());
        changes[1] = changes[1] with { Outcome = Outcome.Unknown };
        Assert.Empty(Resting(changes, ["web-1-r1-a1", "web-2-r1-a1"]).Broken());
        Assert.Empty(Resting(changes, ["web-1-r1-a1"]).Broken());
    }

    [Fact]
    public void A_container_that_no_service_names_is_left_behind()
    {
        Change[] changes = [Asked(0, ChangeKind.Create, 1), Asked(1, ChangeKind.Delete, 0)];
        var rest = new Rest(new Dictionary<string, IReadOnlyList<string>>(), [new Left("worker-a", "web-1-r1-a1")]);
        Assert.Equal(["left behind: web-1-r1-a1 on worker-a"], new History { Changes = changes, Rest = rest }.Broken());
    }

    [Fact]
    public void An_instance_that_no_engine_has_is_told()
    {
        var rest = new Rest(new Dictionary<string, IReadOnlyList<string>> { ["web"] = ["web-1-r1-a1"] }, []);
        Assert.Equal(["no container: web-1-r1-a1"],
            new History { Changes = [Asked(0, ChangeKind.Create, 1)], Rest = rest }.Broken());
    }

    [Fact]
    public void A_worker_takes_no_lower_epoch_after_a_higher_one_another_worker_may() =>
        Assert.Equal(["epoch fell: worker-a began web-1-r1-a3 of epoch 4 at 5.00 s, after web-1-r1-a1 of epoch 5"], new History
        {
            Changes = [Asked(0, ChangeKind.Create, 1)],
            Lives =
            [
                Life(1, 2, "worker-a", epoch: 5), Life(3, 4, "worker-b", attempt: 2, epoch: 4),
                Life(5, 6, "worker-a", attempt: 3, epoch: 4),
            ],
        }.Broken());

    [Fact]
    public void A_client_sees_no_epoch_fall() =>
        Assert.Equal(["epoch fell: web was at 3, and at 2 at 2.00 s"], new History
        {
            Changes = [Asked(0, ChangeKind.Create, 1)], Sights = [new Sight(At(2), "web", 2), new Sight(At(1), "web", 3)],
        }.Broken());

    private static DateTimeOffset At(double second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    private static Life Life(double began, double? ended, string host, int slot = 1, int attempt = 1, long epoch = 1) =>
        new(host, $"web-{slot}-r1-a{attempt}", "web", slot, epoch, At(began), ended is { } end ? At(end) : null);

    private static Change Asked(
        double at, ChangeKind kind, int instances, bool atMostOne = false, Outcome outcome = Outcome.Accepted) =>
        new(At(at), At(at), "web", kind, instances, atMostOne, outcome);

    private static History Resting(Change[] changes, string[] instances) => new()
    {
        Changes = changes,
        Rest = new Rest(
            instances.Length == 0 ? new Dictionary<string, IReadOnlyList<string>>()
                : new Dictionary<string, IReadOnlyList<string>> { ["web"] = instances },
            [.. instances.Select(i => new Left("worker-a", i))]),
    };
}
