using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Workflows.Schedules;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>Who follows schedules is begun, told, replaced and taken away.</summary>
public sealed class SchedulePostExamples : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly FakeFollowers followers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly SchedulePost post;

    public SchedulePostExamples()
    {
        post = new SchedulePost(followers, clock, new Logbook<SchedulePost>());
        _ = post.Run(stopping.Token);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [Fact]
    public async Task A_schedule_that_nobody_follows_is_followed()
    {
        post.Follow("web", "0 3 * * *", isLate: false);
        await Done("start web 0 3 * * *");
        // What has been told is not asked again.
        post.Follow("web", "0 3 * * *", isLate: false);
        post.Follow("db", "0 4 * * *", isLate: false);
        await Done("start web 0 3 * * *", "start db 0 4 * * *");
    }

    [Fact]
    public async Task Who_follows_it_already_is_left_alone_and_who_follows_another_one_is_told()
    {
        followers.States["web"] = new(FollowerState.GoesOn, "0 3 * * *");
        followers.States["db"] = new(FollowerState.GoesOn, "0 3 * * *");
        post.Follow("web", "0 3 * * *", isLate: false);
        post.Follow("db", "0 4 * * *", isLate: false);
        await Done("tell db 0 4 * * *");
    }

    [Fact]
    public async Task One_that_ends_as_it_is_told_is_begun_anew()
    {
        followers.States["web"] = new(FollowerState.GoesOn, "0 3 * * *");
        post.Follow("web", "0 4 * * *", isLate: false);
        await Done("tell web 0 4 * * *");
        followers.States["web"] = new(FollowerState.Ended);
        await clock.PassUntil(TimeSpan.FromSeconds(1), () => followers.Done, done => done.Contains("start web 0 4 * * *"), "it is begun");
    }

    [Fact]
    public async Task Where_one_has_ended_another_one_begins()
    {
        followers.States["web"] = new(FollowerState.Ended, "0 3 * * *");
        post.Follow("web", "0 3 * * *", isLate: false);
        await Done("start web 0 3 * * *");
    }

    [Fact]
    public async Task Who_is_late_is_told_and_who_goes_on_being_late_is_replaced()
    {
        followers.States["web"] = new(FollowerState.GoesOn, "0 3 * * *");
        for (var times = 1; times <= 4; times++)
        {
            post.Follow("web", "0 3 * * *", isLate: true);
            await Until(times <= 2 ? times : times == 3 ? 4 : 5);
        }

        await Done("tell web 0 3 * * *", "tell web 0 3 * * *", "end web", "start web 0 3 * * *", "tell web 0 3 * * *");
    }

    [Fact]
    public async Task What_is_to_be_followed_no_more_finds_out_by_itself_and_is_taken_away_then()
    {
        followers.States["web"] = new(FollowerState.GoesOn, "0 3 * * *");
        post.Leave("web");
        await Done("tell web ");
        followers.States["web"] = new(FollowerState.Ended);
        await clock.PassUntil(TimeSpan.FromSeconds(1), () => followers.Done, done => done.Contains("purge web"), "it is purged");
    }

    [Fact]
    public async Task Without_workflows_it_says_why_nobody_follows_and_tries_again()
    {
        followers.Trouble = "the sidecar serves no workflows";
        post.Follow("web", "0 3 * * *", isLate: false);
        await PassingTime.Until(
            () => post.ProblemOf("web"), it => it == "the sidecar serves no workflows", "the problem is told");
        followers.Trouble = null;
        await clock.PassUntil(TimeSpan.FromSeconds(1), () => post.ProblemOf("web"), it => it is null, "it is told no more");
        await Done("start web 0 3 * * *");
    }

    private Task<int> Until(int count) => PassingTime.Until(() => followers.Done.Count, it => it >= count, $"{count} things are done");

    private async Task Done(params string[] expected)
    {
        await Until(expected.Length);
        Assert.Equal(expected, followers.Done);
    }

    private sealed class FakeFollowers : IFollowers
    {
        private readonly Lock gate = new();
        private readonly List<string> done = [];

        public ConcurrentDictionary<string, Follower> States { get; } = new(StringComparer.Ordinal);

        public string? Trouble { get; set; }

        public List<string> Done
        {
            get
            {
                lock (gate) return [.. done];
            }
        }

        public Task<Follower> Find(string service, CancellationToken cancel) => Trouble is { } trouble
            ? throw new FollowersException(trouble) : Task.FromResult(States.GetValueOrDefault(service, new(FollowerState.None)));

        public Task Start(FollowedSchedule schedule, CancellationToken cancel)
        {
            States[schedule.Service] = new(FollowerState.GoesOn, schedule.Told);
            return Note($"start {schedule.Service} {schedule.Told}");
        }

        public Task Tell(FollowedSchedule schedule, CancellationToken cancel) => Note($"tell {schedule.Service} {schedule.Told}");

        public Task End(string service, CancellationToken cancel) => Note($"end {service}");

        public Task Purge(string service, CancellationToken cancel) => Note($"purge {service}");

        private Task Note(string what)
        {
            lock (gate) done.Add(what);
            return Task.CompletedTask;
        }
    }
}
