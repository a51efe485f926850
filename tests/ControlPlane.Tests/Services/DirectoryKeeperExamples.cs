using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>The list of services: what survives, what is remembered only, and who is made to look.</summary>
public sealed class DirectoryKeeperExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly MemoryStore<DirectoryRecord> store = new();
    private readonly List<string> journal = [];
    private DirectoryKeeper keeper;

    public DirectoryKeeperExamples() => keeper = Activate();

    [Fact]
    public async Task Names_come_in_order_and_survive_the_keeper()
    {
        await Tell(Line("web"), Line("api"), Line("db"));
        await Tell(Gone("db"));
        Assert.Equal(["api", "web"], await keeper.Names());
        Assert.Equal(["api", "web"], await Activate().Names());
    }

    [Fact]
    public async Task Many_that_are_told_together_cost_one_write_and_how_they_are_costs_none()
    {
        await Tell(Line("web", turn: 1), Line("api", turn: 1));
        await Tell(Line("web", turn: 2, running: 1), Line("api", turn: 2, running: 2));
        await Tell(Gone("db", epoch: 0));
        Assert.Equal((1, "api 2, web 1"), (store.Saves, await List()));
    }

    [Fact]
    public async Task After_a_conflict_the_names_are_read_again()
    {
        await Tell(Line("web"));
        await Activate().Tell(News(Line("api")));
        await Assert.ThrowsAsync<RecordConflictException>(() => keeper.Tell(News(Line("db"))));
        await Tell(Line("db"));
        Assert.Equal(["api", "db", "web"], await keeper.Names());
    }

    [Fact]
    public async Task A_name_whose_save_failed_is_not_listed()
    {
        store.Next = SaveTrouble.Fails;
        await Assert.ThrowsAsync<StoreTroubleException>(() => keeper.Tell(News(Line("web"))));
        Assert.Empty(await keeper.Names());
    }

    [Fact]
    public async Task While_the_store_is_away_what_was_known_is_listed_even_after_a_save_that_failed()
    {
        await Tell(Line("web"));
        store.Away = true;
        await Assert.ThrowsAsync<StoreTroubleException>(() => keeper.Tell(News(Line("api"))));
        Assert.Contains("web 1", await List(), StringComparison.Ordinal);
        store.Away = false;
        Assert.Equal(["web"], await keeper.Names());
    }

    [Fact]
    public async Task A_name_whose_answer_was_lost_is_listed()
    {
        store.Next = SaveTrouble.LosesItsAnswer;
        await Assert.ThrowsAsync<StoreTroubleException>(() => keeper.Tell(News(Line("web"))));
        await Tell(Line("web"));
        Assert.Equal((1, "web"), (store.Saves, string.Join(", ", await keeper.Names())));
    }

    [Fact]
    public async Task What_comes_late_never_takes_the_place_of_what_is_newer()
    {
        await Tell(Line("web", epoch: 2, turn: 3, running: 3));
        await Tell(Line("web", epoch: 2, turn: 2, running: 2), Line("web", epoch: 1, turn: 9, running: 9), Gone("web", epoch: 1, turn: 10));
        Assert.Equal("web 3", await List());

        await Tell(Gone("web", epoch: 2, turn: 4));
        await Tell(Line("web", epoch: 2, turn: 3, running: 3));
        Assert.Equal("", await List());
        await Tell(Line("web", epoch: 2, turn: 5, running: 5));
        Assert.Equal("web 5", await List());
    }

    [Fact]
    public async Task A_new_directory_takes_nothing_from_keepers_of_an_earlier_epoch()
    {
        await Tell(Line("web", epoch: 2, turn: 1, running: 1));
        keeper = Activate();
        await Tell(Line("web", epoch: 1, turn: 5, running: 9));
        Assert.Equal("web ?", await List());
        await Tell(Line("web", epoch: 2, turn: 1, running: 1));
        Assert.Equal("web 1", await List());
    }

    [Fact]
    public async Task From_a_new_activation_of_a_service_on_what_an_earlier_one_saw_is_not_said()
    {
        await Tell(Line("web", epoch: 1, turn: 1, running: 1));
        await Tell(Expected("web", epoch: 2));
        var line = Assert.Single((await keeper.List(new DirectoryQuestion(null, 9, new ServiceFilter()))).Services);
        Assert.Equal((false, null, ServiceState.Unknown), (line.Observed, line.Running, line.State));
    }

    [Fact]
    public async Task Each_activation_has_a_name_of_its_own()
    {
        var first = (await keeper.Tell(News(Line("web")))).Activation;
        Assert.Equal(first, (await keeper.Round(new DirectoryRound("m1", "1", null))).Activation);
        keeper = Activate();
        Assert.NotEqual(first, (await keeper.Tell(News(Line("web")))).Activation);
    }

    [Theory]
    [InlineData(null, 2, "api 1, db 1; next db")]
    [InlineData("db", 2, "mail 1, web 1; next none")]
    [InlineData("d", 1, "db 1; next db")]
    [InlineData("web", 2, "; next none")]
    public async Task A_page_begins_after_a_name(string? after, int limit, string page)
    {
        await Tell(Line("web"), Line("api"), Line("db"), Line("mail"));
        var answer = await keeper.List(new DirectoryQuestion(after, limit, new ServiceFilter()));
        Assert.Equal(page, $"{Words(answer)}; next {answer.Next ?? "none"}");
    }

    [Fact]
    public async Task Whoever_is_not_taken_by_the_filter_takes_no_place_on_the_page()
    {
        await Tell(Line("a"), Line("b", running: 2), Line("c"), Line("d", running: 2), Expected("e"));
        var answer = await keeper.List(new DirectoryQuestion(null, 2, new ServiceFilter(State: ServiceState.Running)));
        Assert.Equal("b 2, d 2; next d", $"{Words(answer)}; next {answer.Next ?? "none"}");
    }

    [Fact]
    public async Task A_service_with_nothing_to_do_is_never_asked()
    {
        await Tell(Line("web"));
        for (var minutes = 0; minutes < 60; minutes++) Assert.Empty(await Round());
    }

    [Fact]
    public async Task A_service_that_did_not_look_at_its_time_is_asked_and_again_after_a_while()
    {
        await Tell(Line("web") with { LookAt = clock.GetUtcNow() + TimeSpan.FromSeconds(3) });
        Assert.Equal("- - - - web - - - - - - - - - web -", await Rounds(16));
    }

    [Fact]
    public async Task What_was_announced_and_never_told_of_is_asked()
    {
        await keeper.Tell(News(Expected("web") with { LookAt = clock.GetUtcNow() }));
        Assert.Equal("- web -", await Rounds(3));
    }

    [Fact]
    public async Task Services_whose_master_is_silent_are_asked_and_what_they_said_is_not_said_any_more()
    {
        await Tell(Line("web"), Line("api"));
        await keeper.Tell(new DirectoryNews("m2", "1", [Line("api", turn: 2)]));
        Assert.Equal(string.Join(' ', Enumerable.Repeat("-", 15)), await Rounds(15));
        Assert.Equal("api", await Rounds(1));
        Assert.Equal("api ?, web 1", await List());
    }

    [Fact]
    public async Task Services_of_an_earlier_life_of_a_master_are_asked()
    {
        await keeper.Tell(new DirectoryNews("m2", "1", [Expected("api")]));
        Assert.Equal(["api"], (await keeper.Round(new DirectoryRound("m2", "2", null))).Due);
    }

    [Fact]
    public async Task A_new_directory_asks_those_of_whom_no_master_has_told()
    {
        await Tell(Line("web"), Line("api"));
        keeper = Activate();
        await Tell(Line("web"));
        Assert.Equal("- - - - - - - - - api", await Rounds(10));
    }

    [Fact]
    public async Task Services_on_a_worker_that_is_lost_or_drains_are_asked_now_and_then()
    {
        await Tell(Line("web", workers: "a"), Line("api", workers: "b"));
        Assert.Equal(["api"], (await keeper.Round(new DirectoryRound("m1", "1", ["a"]))).Due);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty((await keeper.Round(new DirectoryRound("m1", "1", ["a"]))).Due);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["api"], (await keeper.Round(new DirectoryRound("m1", "1", ["a"]))).Due);
    }

    [Fact]
    public async Task Who_tells_of_a_service_that_was_not_listed_is_asked_whether_there_is_one()
    {
        await keeper.Tell(News(Line("web")));
        Assert.Equal("web", await Rounds(1));
        await Tell(Line("web", turn: 2), Line("api"));
        Assert.Equal("- -", await Rounds(2));
    }

    [Fact]
    public async Task That_there_is_no_record_is_believed_when_nobody_can_be_about_to_write_one()
    {
        await Tell(Expected("web", epoch: 0));
        clock.Advance(TimeSpan.FromSeconds(59));
        await Tell(Gone("web", epoch: 0));
        Assert.Equal(["web"], await keeper.Names());
        clock.Advance(TimeSpan.FromSeconds(1));
        await Tell(Gone("web", epoch: 0));
        Assert.Empty(await keeper.Names());
    }

    [Fact]
    public async Task A_name_that_nothing_was_written_for_can_be_expected_again()
    {
        await keeper.Tell(News(Expected("web") with { Turn = 3 }));
        clock.Advance(TimeSpan.FromMinutes(1));
        await keeper.Tell(News(Gone("web", epoch: 0, turn: 9)));
        Assert.Empty(await keeper.Names());
        await keeper.Tell(News(Expected("web") with { Turn = 0 }));
        Assert.Equal(["web"], await Activate().Names());
    }

    [Fact]
    public async Task A_directory_of_an_older_version_is_read()
    {
        store.Stored = new DirectoryRecord(["api", "web"]);
        Assert.Equal(["api", "web"], await keeper.Names());
        await Tell(Line("web"));
        Assert.Equal("api ?, web 1", await List());
    }

    private DirectoryKeeper Activate() =>
        new(store.Open(), new FakeReminder(journal), new FakeAlarm(journal), new ControlPlaneOptions(), clock);

    /// <summary>Each has been announced before, as keepers do.</summary>
    [Fact]
    public async Task A_tombstone_is_looked_at_after_a_while_until_its_record_is_gone_and_the_floor_outlives_it()
    {
        await Tell(Line("web", epoch: 7), Line("api"));
        await Tell(Gone("web", epoch: 7));
        Assert.DoesNotContain("web", await Rounds(9 * 60), StringComparison.Ordinal);
        keeper = Activate();
        Assert.Contains("web", await Rounds(70), StringComparison.Ordinal);

        // Its keeper is activated once more, and erases the record.
        Assert.Equal(8, (await keeper.Tell(News(Gone("web", epoch: 8)))).Floor);
        await keeper.Tell(News(Gone("web", epoch: 0, turn: 3)));
        Assert.Equal((0, 8L), (store.Stored!.Gone!.Count, store.Stored.Floor));
        Assert.Equal(8, (await Activate().Round(new("m1", "1", null))).Floor);

        // The name is used again although the lines of its earlier life were of higher epochs than none.
        await keeper.Tell(News(Expected("web", epoch: 0)));
        Assert.Equal(["api", "web"], await keeper.Names());
    }

    private async Task<DirectoryAnswer> Tell(params ServiceLine[] lines)
    {
        await keeper.Tell(News([.. lines.Where(line => !line.Gone).Select(line => Expected(line.Name, line.Epoch) with { Turn = 0 })]));
        return await keeper.Tell(News(lines));
    }

    private static DirectoryNews News(params ServiceLine[] lines) => new("m1", "1", [.. lines]);

    /// <summary>Who is due, a round each second.</summary>
    private async Task<string> Rounds(int seconds)
    {
        List<string> due = [];
        for (var second = 0; second < seconds; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var names = (await keeper.Round(new DirectoryRound("m1", "1", null))).Due;
            due.Add(names.Count == 0 ? "-" : string.Join('+', names));
        }

        return string.Join(' ', due);
    }

    private async Task<Contracts.Values.ValueList<string>> Round()
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return (await keeper.Round(new DirectoryRound("m1", "1", ["a"]))).Due;
    }

    private async Task<string> List() => Words(await keeper.List(new DirectoryQuestion(null, 9, new ServiceFilter())));

    private static string Words(DirectoryPage page) => string.Join(", ",
        page.Services.Select(line => $"{line.Name} {line.Running?.ToString() ?? "?"}").Concat(page.Unknown.Select(name => $"{name} ?"))
            .Order(StringComparer.Ordinal));

    private static ServiceLine Expected(string name, long epoch = 1) => new() { Name = name, Epoch = epoch, Turn = 1 };

    private static ServiceLine Gone(string name, long epoch = 1, long turn = 2) =>
        new() { Name = name, Epoch = epoch, Turn = turn, Gone = true };

    private static ServiceLine Line(string name, long epoch = 1, long turn = 1, int running = 1, params string[] workers) => new()
    {
        Name = name, Epoch = epoch, Turn = turn,
        Summary = new ServiceSummary
        {
            Name = name, Image = "web:1", Revision = 1, Wanted = 2, Observed = true, Running = running, Workers = [.. workers],
            State = running < 2 ? ServiceState.Starting : ServiceState.Running,
        },
    };

    [Fact]
    public async Task A_tombstone_that_nobody_has_told_of_and_somebody_comes_upon_is_looked_at_too()
    {
        Assert.Equal(9, (await keeper.Tell(News(Gone("old", epoch: 9)))).Floor);
        keeper = Activate();
        Assert.DoesNotContain("old", await Rounds(9 * 60), StringComparison.Ordinal);
        Assert.Contains("old", await Rounds(70), StringComparison.Ordinal);
        await keeper.Tell(News(Gone("old", epoch: 0, turn: 3)));
        Assert.Empty(store.Stored!.Gone!);
    }
}
