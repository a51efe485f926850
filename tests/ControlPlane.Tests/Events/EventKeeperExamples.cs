using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Events;

/// <summary>What becomes an event, and that each is there once, whoever dies and whatever comes twice.</summary>
public sealed class EventKeeperExamples
{
    private readonly MemoryStore<EventRecord> open = new();
    private readonly MemoryStore<ToldRecord> told = new();
    private readonly Dictionary<long, MemoryStore<EventSegment>> closed = [];
    private EventKeeper keeper;
    private long turn;

    public EventKeeperExamples() => keeper = Activate();

    [Fact]
    public async Task What_was_told_of_is_no_event_again()
    {
        var news = Web(Running("web-1-r1-a1"));
        await Tell(news);
        await Tell(news);
        await Tell(Web(Running("web-1-r1-a1")));
        Assert.Equal(["1 web-1-r1-a1 is running on a"], await Words());
        Assert.Equal(1, open.Saves);
    }

    [Fact]
    public async Task A_new_activation_goes_on_where_the_one_before_ended()
    {
        await Tell(Web(Running("web-1-r1-a1"), Running("web-2-r1-a1")));
        keeper = Activate();
        var ended = Running("web-1-r1-a1") with { Phase = Phase.Exited, ExitCode = 1, Cause = EndCause.Program, Message = "no database" };
        await Tell(Web(ended));
        await Tell(Web() with { Complete = true, Instances = [Running("web-2-r1-a1")] });
        Assert.Equal(
            [
                "1 web-1-r1-a1 is running on a", "2 web-2-r1-a1 is running on a",
                "3 web-1-r1-a1 has ended on a (exit code 1, program): no database",
            ], await Words());
    }

    [Fact]
    public async Task What_was_saved_although_the_answer_was_lost_is_there_once()
    {
        open.Next = SaveTrouble.LosesItsAnswer;
        var news = Web(Running("web-1-r1-a1"));
        await Assert.ThrowsAsync<StoreTroubleException>(() => Tell(news));
        await Tell(news);
        open.Next = SaveTrouble.Fails;
        var next = Web(Running("web-2-r1-a1"));
        await Assert.ThrowsAsync<StoreTroubleException>(() => Tell(next));
        await Tell(next);
        Assert.Equal(["1 web-1-r1-a1 is running on a", "2 web-2-r1-a1 is running on a"], await Words());
    }

    [Fact]
    public async Task A_keeper_that_is_in_charge_no_more_is_not_listened_to()
    {
        await Tell(Web(Running("web-1-r1-a1")) with { Epoch = 3, Turn = 1 });
        await Tell(Web(Running("web-1-r1-a1") with { Phase = Phase.Starting }) with { Epoch = 2, Turn = 9 });
        Assert.Equal(["1 web-1-r1-a1 is running on a"], await Words());
    }

    [Fact]
    public async Task Of_what_is_not_known_yet_nothing_is_concluded()
    {
        await Tell(Web(Running("web-1-r1-a1"), Running("web-2-r1-a1")));
        var unheard = Running("web-1-r1-a1") with { Phase = null };
        await Tell(Web(unheard) with { Epoch = 2, Complete = true });
        Assert.Equal("3 web-2-r1-a1 on a is counted on no more", (await Words())[^1]);
        await Tell(Web(Running("web-1-r1-a1")) with { Epoch = 2 });
        Assert.Equal(3, (await Words()).Count);
    }

    [Fact]
    public async Task What_a_probe_says_is_an_event_of_its_own()
    {
        var healthy = Running("web-1-r1-a1") with { Health = InstanceHealth.Healthy, Readiness = InstanceHealth.Healthy };
        await Tell(Web(healthy));
        await Tell(Web(healthy with { Readiness = InstanceHealth.Unhealthy, Message = "503" }));
        Assert.Equal("2 web-1-r1-a1 is healthy and out of rotation: 503", (await Words())[^1]);
        Assert.Equal(EventKind.Health, (await All())[^1].Event.Kind);
    }

    [Fact]
    public async Task Of_the_history_each_thing_is_told_once_although_it_comes_again()
    {
        var created = new HistoryEvent(CalmCluster.Start, HistoryKind.Created, "created", Who: "ann");
        var rollout = new HistoryEvent(CalmCluster.Start, HistoryKind.Rollout, "revision 2 is out", Revision: 2);
        await Tell(Web() with { History = [created] });
        await Tell(Web() with { History = [rollout] });
        await Tell(Web() with { Epoch = 2, IsRetold = true, History = [created, rollout, created with { What = "changed" }] });
        Assert.Equal(["1 created", "2 revision 2 is out", "3 changed"], await Words());
        Assert.Equal([EventKind.Service, EventKind.Rollout, EventKind.Service], (await All()).Select(it => it.Event.Kind));
        Assert.Equal(("web", "ann"), ((await All())[0].Event.Service, (await All())[0].Event.Who));
    }

    [Fact]
    public async Task A_name_that_is_used_again_begins_anew()
    {
        await Tell(Web(Running("web-1-r1-a1")));
        await Tell(Web() with { Gone = true });
        await Tell(Web() with { Gone = true });
        keeper = Activate();
        await Tell(Web(Running("web-1-r1-a1")) with { Epoch = 2 });
        Assert.Equal(
            [
                "1 web-1-r1-a1 is running on a", "2 web-1-r1-a1 on a is counted on no more", "3 nothing is left of it",
                "4 web-1-r1-a1 is running on a",
            ], await Words());
    }

    [Fact]
    public async Task Workers_join_fall_silent_drain_and_are_forgotten()
    {
        await Tell(At(1, Worker(WorkerHealth.Ready)));
        await Tell(At(2, Worker(WorkerHealth.Suspect, note: "it is silent")));
        await Tell(At(3, Worker(WorkerHealth.Lost, note: "its lease ran out")));
        await Tell(At(4, Worker(WorkerHealth.Ready, drains: true)));
        await Tell(At(5, Worker(WorkerHealth.Ready, drains: true, empty: true)) with { Brake = "two of three are silent" });
        keeper = Activate();
        await Tell(At(4, Worker(WorkerHealth.Ready, drains: true)) with { Brake = "two of three are silent" });
        await Tell(At(6, Worker(null, drains: true)) with { Brake = "two of three are silent" });
        await Tell(At(7, Worker(WorkerHealth.Ready)));
        await Tell(At(8));
        Assert.Equal(
            [
                "1 a has joined", "2 a takes nothing new: it is silent", "3 a is lost: its lease ran out", "4 a has returned", "5 a drains",
                "6 a is empty", "7 no worker is declared lost: two of three are silent", "8 a is not empty any more",
                "9 a drains no longer", "10 the brake is off: silent workers are declared lost", "11 a is listed no longer",
            ], await Words());
    }

    [Fact]
    public async Task The_last_thousands_are_kept_and_are_read_page_by_page()
    {
        for (var i = 1; i <= 5300; i += 10)
            await Tell(Web([.. Enumerable.Range(i, 10).Select(n => Running($"web-{n}-r1-a1"))]));
        var page = await keeper.Page(new EventQuestion(0, null, 500));
        Assert.Equal((301, 5300, 800, 500), (page.Oldest, page.Newest, page.Upto, page.Events.Count));
        Assert.Equal((301, "web-301-r1-a1 is running on a"), (page.Events[0].Number, page.Events[0].Event.What));
        keeper = Activate();
        Assert.Equal(5000, (await All()).Count);
        Assert.Equal(Enumerable.Range(301, 5000), (await All()).Select(it => (int)it.Number));
        Assert.Equal(50, closed.Values.Count(it => it.Stored is not null));
        Assert.Empty((await keeper.Page(new EventQuestion(301, "api", 10))).Events);
    }

    [Theory]
    [InlineData("the part")]
    [InlineData("what was told")]
    [InlineData("the emptied")]
    public async Task A_part_that_was_not_closed_to_the_end_is_closed_later(string where)
    {
        for (var i = 1; i < EventKeeper.SegmentSize; i++) await Tell(Web(Running($"web-{i}-r1-a1")));
        if (where == "the part") closed[1] = new() { Next = SaveTrouble.Fails };
        else if (where == "what was told") told.Next = SaveTrouble.LosesItsAnswer;
        var last = Web(Running("web-100-r1-a1"));
        if (where == "the emptied")
        {
            // The first save of the open part is that of the event.
            closed[1] = new(_ =>
            {
                if (open.Saves == EventKeeper.SegmentSize) open.Next = SaveTrouble.Fails;
            });
        }

        await Assert.ThrowsAsync<StoreTroubleException>(() => Tell(last));
        keeper = Activate();
        await Tell(last);
        await Tell(Web(Running("web-101-r1-a1")));
        Assert.Equal(Enumerable.Range(1, 101).Select(n => $"{n} web-{n}-r1-a1 is running on a"), await Words());
        Assert.Equal(102, open.Stored!.First + open.Stored.Events.Count);
        Assert.Equal([1], open.Stored.Kept);
    }

    private EventKeeper Activate() => new(open.Open(), Closed, told.Open());

    private IStoredRecord<EventSegment> Closed(long first)
    {
        if (!closed.TryGetValue(first, out var store)) store = closed[first] = new();
        return store.Open();
    }

    private Task Tell(ServiceNews news) => keeper.Tell(new EventNews([news], []));

    private Task Tell(MemberNews news) => keeper.Tell(new EventNews([], [news]));

    private ServiceNews Web(params InstanceState[] instances) => new()
    {
        Service = "web", Epoch = 1, Turn = ++turn, At = CalmCluster.Start + TimeSpan.FromSeconds(turn), Instances = [.. instances],
    };

    private static InstanceState Running(string instance) => new() { Instance = instance, Worker = "a", Phase = Phase.Running };

    private static MemberNews At(int second, params WorkerState[] workers) =>
        new(CalmCluster.Start + TimeSpan.FromSeconds(second), [.. workers], null);

    private static WorkerState Worker(WorkerHealth? health, bool drains = false, bool empty = false, string? note = null) =>
        new("a", health, drains, health is null ? null : empty, note);

    private async Task<List<NumberedEvent>> All()
    {
        List<NumberedEvent> all = [];
        for (var after = 0L; ;)
        {
            var page = await keeper.Page(new EventQuestion(after, null, 300));
            all.AddRange(page.Events);
            if (page.Upto == page.Newest) return all;
            after = page.Upto;
        }
    }

    private async Task<List<string>> Words() => [.. (await All()).Select(it => $"{it.Number} {it.Event.What}")];
}
