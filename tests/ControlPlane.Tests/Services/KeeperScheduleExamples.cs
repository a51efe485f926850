using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>What a keeper does about the schedule of its job.</summary>
public sealed class KeeperScheduleExamples
{
    private const string Hourly = """{"image":"job:1","mode":"job","schedule":"0 * * * *"}""";

    [Fact]
    public async Task The_schedule_of_a_new_job_is_to_be_followed_and_looked_after()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Hourly));
        Assert.Equal(["follows web: 0 * * * *"], stage.Schedules.Asked);
        // The first run is due in an hour.
        await stage.Hear("a");
        Assert.Equal("alarm for web at 1h20s", stage.Take("alarm")[^1]);
    }

    [Fact]
    public async Task A_moment_that_nothing_became_of_is_late_and_its_follower_is_looked_for()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Hourly));
        await stage.Hear("a");
        stage.Schedules.Asked.Clear();
        stage.Clock.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(20));
        await stage.Keeper.LookAgain("alarm");
        Assert.Equal(["follows web: 0 * * * *, late"], stage.Schedules.Asked);
        Assert.Equal("alarm for web at 1h40s", stage.Take("alarm")[^1]);
        Assert.Equal("the run that was due at 2026-01-01 13:00:00Z has not begun", await Problem(stage));

        await stage.Ask(new RunDue(new(2026, 1, 1, 13, 0, 0, TimeSpan.Zero)));
        Assert.Null(await Problem(stage));
        Assert.Equal("web-1-r1-n1-a1", stage.Store.Stored!.Instances.Single().Name);
    }

    [Fact]
    public async Task A_moment_is_saved_with_its_run_and_begins_it_once()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Hourly));
        stage.Clock.Advance(TimeSpan.FromHours(1));
        stage.Journal.Clear();
        var due = new RunDue(stage.Clock.GetUtcNow());
        await stage.Ask(due);
        Assert.Equal(["saves epoch 1, revision 1: web-1-r1-n1-a1"], stage.Take("saves"));
        // Another master, whoever remembers what.
        stage.Keeper = stage.Activate();
        await stage.Ask(due);
        Assert.Equal((1, 1), (stage.Store.Stored!.Job!.LastRun, stage.Store.Stored.Job.Runs.Count));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("delete")]
    [InlineData("change")]
    public async Task What_is_not_to_be_followed_any_more_is_left(string how)
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Hourly));
        stage.Schedules.Asked.Clear();
        await stage.Ask(how switch
        {
            "pause" => new PauseRollout(),
            "delete" => new WithdrawService(),
            _ => Wish.Update("""{"schedule":null}"""),
        });
        Assert.Equal("leaves web", stage.Schedules.Asked[0]);
    }

    [Fact]
    public async Task A_schedule_that_is_changed_is_told_anew()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Hourly));
        await stage.Ask(Wish.Update("""{"schedule":"0 3 * * *","timeZone":"Europe/Berlin"}"""));
        Assert.Equal("follows web: 0 3 * * * Europe/Berlin", stage.Schedules.Asked[^1]);
    }

    [Fact]
    public async Task Where_nobody_can_follow_it_the_service_says_so()
    {
        var stage = new ServiceStage("a");
        stage.Schedules.Problem = "the sidecar serves no workflows";
        await stage.Ask(Wish.Create(Hourly));
        Assert.Equal("nobody follows the schedule: the sidecar serves no workflows", await Problem(stage));
    }

    [Fact]
    public async Task Other_services_have_nothing_to_do_with_it()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        await stage.Ask(new WithdrawService());
        Assert.Empty(stage.Schedules.Asked);
    }

    private static async Task<string?> Problem(ServiceStage stage) => (await stage.Keeper.Get()).Service!.Job!.Schedule!.Problem;
}
