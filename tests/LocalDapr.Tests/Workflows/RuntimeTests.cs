using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using LocalDapr.Workflows;
using Orchestrator.Testing;

namespace LocalDapr.Tests.Workflows;

/// <summary>Instances, workers and the clock together.</summary>
public sealed class RuntimeTests : IAsyncDisposable
{
    private readonly WorkflowWorld world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_chain_runs_to_its_end()
    {
        world.Work(Code.Chain(3));
        await world.StartAsync("one");
        Assert.Equal("2!", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task A_timer_fires_when_the_clock_says_so()
    {
        var due = world.Clock.GetUtcNow().AddHours(1);
        var worker = world.Work(request => Code.Seen(request).Any(e => e.TimerFired is not null) ? Code.Answer(Code.Complete("rung"))
            : Code.Seen(request).Any(e => e.TimerCreated is not null) ? Code.Answer() : Code.Answer(Code.Timer(0, due)));
        await world.StartAsync("one");
        await StatusAsync("one", OrchestrationStatus.Running);
        world.Clock.Advance(TimeSpan.FromMinutes(59));
        await world.Api.RaiseAsync("one", "nudge", "");
        await Eventually.Become(() => worker.Turns.Count, n => n == 2, TimeSpan.FromSeconds(10), "the nudge was taken", Cancel);
        Assert.Equal(OrchestrationStatus.Running, world.State("one")!.WorkflowStatus);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("rung", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task An_instance_for_later_is_left_alone_until_then()
    {
        var worker = world.Work(_ => Code.Answer(Code.Complete("done")));
        await world.Api.StartAsync(
            new()
            {
                InstanceId = "one", Name = "code",
                ScheduledStartTimestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(world.Clock.GetUtcNow().AddDays(1)),
            }, wait: true, Cancel);
        await world.Api.RaiseAsync("one", "early", "");
        world.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(OrchestrationStatus.Pending, world.State("one")!.WorkflowStatus);
        Assert.Empty(worker.Turns);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.EndAsync("one");
        Assert.Equal(["ExecutionStarted", "EventRaised"], worker.Turns.Single().NewEvents.Skip(1).Select(e => e.EventTypeCase.ToString()));
    }

    [Fact]
    public async Task Work_of_a_worker_that_dies_is_done_by_another_under_the_same_execution()
    {
        var first = world.Work(Code.Chain(1), _ => null);
        await world.StartAsync("one");
        await Eventually.Become(() => first.Activities.Count, n => n == 1, TimeSpan.FromSeconds(10), "the activity is begun", Cancel);
        var second = world.Work(Code.Chain(1));
        first.Die();
        await world.EndAsync("one");
        Assert.Equal(first.Activities.Single().TaskExecutionId, second.Activities.Single().TaskExecutionId);
    }

    [Fact]
    public async Task A_turn_that_its_worker_never_answers_is_run_by_another()
    {
        var silent = world.Work(_ => null);
        await world.StartAsync("one");
        await Eventually.Become(() => silent.Turns.Count, n => n == 1, TimeSpan.FromSeconds(10), "the turn is begun", Cancel);
        world.Work(Code.Chain(1));
        silent.Die();
        Assert.Equal("0!", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task A_late_answer_counts_for_nothing()
    {
        var sidecar = world.Sidecar();
        var first = world.Work(Code.Chain(1), _ => null, sidecar);
        await world.StartAsync("one");
        await Eventually.Become(() => first.Activities.Count, n => n == 1, TimeSpan.FromSeconds(10), "the activity is begun", Cancel);
        string token = first.Seen.Single(i => i.ActivityRequest is not null).CompletionToken;
        world.Work(Code.Chain(1));
        first.Die();
        Assert.Equal("0!", (await world.EndAsync("one")).Output);
        await sidecar.AnswerAsync(new ActivityResponse { InstanceId = "one", TaskId = 0, Result = "late", CompletionToken = token });
        await sidecar.AnswerAsync(new ActivityResponse { InstanceId = "one", TaskId = 0, Result = "late" });
        Assert.Equal(1, world.Api.History("one").Count(e => e.TaskCompleted is not null));
    }

    [Fact]
    public async Task A_worker_that_sends_no_token_is_believed()
    {
        var sidecar = world.Sidecar();
        var worker = world.Work(Code.Chain(1), _ => null, sidecar);
        await world.StartAsync("one");
        await Eventually.Become(() => worker.Activities.Count, n => n == 1, TimeSpan.FromSeconds(10), "the activity is begun", Cancel);
        await sidecar.AnswerAsync(new ActivityResponse { InstanceId = "one", TaskId = 0, Result = "without" });
        Assert.Equal("without", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task A_worker_that_keeps_histories_is_told_each_event_once()
    {
        var past = new List<(int Known, int Sent)>();
        int known = 0;
        world.Work(request =>
        {
            past.Add((request.CachedHistory?.EventCount ?? 0, request.PastEvents.Count));
            int step = known++;
            return step < 3 ? Code.Answer(Code.Schedule(step, "step", "")) : Code.Answer(Code.Complete("done"));
        }, capabilities: [WorkerCapability.StatefulHistory]);
        await world.StartAsync("one");
        await world.EndAsync("one");
        Assert.Equal([(0, 0), (0, 3), (3, 3), (6, 3)], past);
    }

    [Fact]
    public async Task Turns_stay_with_the_worker_that_has_the_history()
    {
        var steps = new ConcurrentDictionary<string, int>();
        WorkflowResponse Turn(WorkflowRequest request) =>
            steps.AddOrUpdate(request.InstanceId, 0, (_, step) => step + 1) is < 5 and var step
                ? Code.Answer(Code.Schedule(step, "step")) : Code.Answer(Code.Complete("done"));
        Worker[] workers =
        [
            .. Enumerable.Range(0, 3).Select(_ => world.Work(Turn, capabilities: [WorkerCapability.StatefulHistory])),
        ];
        foreach (string id in (string[])["one", "two", "three"]) await world.StartAsync(id);
        foreach (string id in (string[])["one", "two", "three"])
        {
            await world.EndAsync(id);
            Assert.Equal(6, Assert.Single(workers, w => w.Turns.Any(t => t.InstanceId == id)).Turns.Count(t => t.InstanceId == id));
        }

        Assert.True(workers.Count(w => w.Activities.Count > 0) > 1);
    }

    [Fact]
    public async Task A_worker_hears_from_time_to_time_that_somebody_is_there_if_it_wishes()
    {
        var wishes = world.Work(Code.Chain(0), capabilities: [WorkerCapability.HealthPing]);
        var other = world.Work(Code.Chain(0));
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.Become(
            () => wishes.Seen.Count(i => i.HealthPing is not null), n => n >= 1, TimeSpan.FromSeconds(10), "it was pinged", Cancel);
        Assert.Empty(other.Seen);
    }

    public static TheoryData<string> Limits => ["of the sidecar", "of all", "of the name"];

    [Theory, MemberData(nameof(Limits))]
    public async Task No_more_is_under_way_at_once_than_the_settings_allow(string limit)
    {
        var sidecar = world.Sidecar(settings: limit switch
        {
            "of the sidecar" => new() { MostActivities = 2 },
            "of all" => new() { MostActivitiesOfAll = 2 },
            _ => new() { MostOfActivity = new Dictionary<string, int> { ["step"] = 2, ["other"] = 1 } },
        });
        var worker = world.Work(
            request => request.PastEvents.Count == 0
                ? Code.Answer([.. Enumerable.Range(0, 5).Select(i => Code.Schedule(i, "step"))])
                : Code.Seen(request).Count(e => e.TaskCompleted is not null) == 5 ? Code.Answer(Code.Complete("done")) : Code.Answer(),
            _ => null, sidecar);
        await world.StartAsync("one");
        for (int done = 0; done < 5; done++)
        {
            int begun = Math.Min(5, done + 2);
            await Eventually.Become(
                () => worker.Activities.Count, n => n == begun, TimeSpan.FromSeconds(10), $"{begun} are begun", Cancel);
            await sidecar.AnswerAsync(new ActivityResponse { InstanceId = "one", TaskId = worker.Activities[done].TaskId, Result = "" });
        }

        await world.EndAsync("one");
    }

    [Fact]
    public async Task What_has_ended_is_forgotten_at_its_time()
    {
        world.Work(
            request => Code.Answer(Code.Complete(
                "", request.InstanceId == "good" ? OrchestrationStatus.Completed : OrchestrationStatus.Failed)),
            sidecar: world.Sidecar(settings: new()
            {
                Keep = new Dictionary<OrchestrationStatus, TimeSpan> { [OrchestrationStatus.Completed] = TimeSpan.FromHours(1) },
            }));
        foreach (string id in (string[])["good", "bad"])
        {
            await world.StartAsync(id);
            await world.EndAsync(id);
        }

        world.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(world.State("good"));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Become(() => world.State("good"), s => s is null, TimeSpan.FromSeconds(10), "it is forgotten", Cancel);
        Assert.Empty(world.Runtime.Store.History(new("app", "good")) ?? []);
        world.Clock.Advance(TimeSpan.FromDays(100));
        Assert.NotNull(world.State("bad"));
    }

    [Fact]
    public async Task A_result_above_the_limit_fails_its_activity_instead_of_coming_back_for_ever()
    {
        var worker = world.Work(
            request => Code.Seen(request).FirstOrDefault(e => e.TaskFailed is not null) is { } failed
                ? Code.Answer(Code.Complete(failed.TaskFailed.FailureDetails.ErrorMessage))
                : request.PastEvents.Count == 0 ? Code.Answer(Code.Schedule(0, "step")) : Code.Answer(),
            _ => new() { Result = new('x', 2000) }, world.Sidecar(mostBytes: 1000));
        await world.StartAsync("one");
        Assert.Contains("a message may hold 1000", (await world.EndAsync("one")).Output);
        Assert.Single(worker.Activities);
    }

    [Fact]
    public async Task A_stalled_instance_goes_on_with_the_code_it_began_with()
    {
        var patched = world.Work(request => new()
        {
            Version = new() { Patches = { "a" } },
            Actions = { request.PastEvents.Count > 0 ? [Code.Complete("healed")] : Array.Empty<WorkflowAction>() },
        });
        await world.StartAsync("one");
        await StatusAsync("one", OrchestrationStatus.Running);
        patched.Die();
        var old = world.Work(_ => Code.Answer(Code.Complete("wrong")));
        await world.Api.RaiseAsync("one", "go", "");
        await StatusAsync("one", OrchestrationStatus.Stalled);
        var refused = await Assert.ThrowsAsync<WorkflowException>(() => world.Api.RaiseAsync("one", "go", ""));
        Assert.Equal(WorkflowRefusal.Stalled, refused.Refusal);
        old.Die();
        world.Work(_ => new() { Version = new() { Patches = { "a" } }, Actions = { Code.Complete("healed") } });
        world.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("healed", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task Twenty_generations_in_a_row_are_followed_by_a_breath()
    {
        int generations = 0;
        world.Work(_ => Interlocked.Increment(ref generations) < 30
            ? Code.Answer(Code.Complete("", OrchestrationStatus.ContinuedAsNew)) : Code.Answer(Code.Complete("done")));
        await world.StartAsync("one");
        await Eventually.Become(() => Volatile.Read(ref generations), n => n == 21, TimeSpan.FromSeconds(10), "twenty-one ran", Cancel);
        await Eventually.Become(
            () =>
            {
                world.Clock.Advance(TimeSpan.FromSeconds(1));
                return world.State("one")!.WorkflowStatus;
            }, s => s == OrchestrationStatus.Completed, TimeSpan.FromSeconds(10), "it ends", Cancel);
        Assert.Equal(30, generations);
    }

    [Fact]
    public async Task A_straggler_of_an_earlier_generation_is_not_taken_for_one_of_this()
    {
        var sidecar = world.Sidecar();
        var worker = world.Work(
            request => Code.Seen(request).First(e => e.ExecutionStarted is not null).ExecutionStarted.Input == "2"
                ? request.PastEvents.Count == 0 ? Code.Answer(Code.Schedule(0, "second"))
                    : Code.Answer(Code.Complete(Code.Seen(request).First(e => e.TaskCompleted is not null).TaskCompleted.Result))
                : request.PastEvents.Count == 0 ? Code.Answer(Code.Schedule(0, "first"))
                    : Code.Answer(Code.Complete("2", OrchestrationStatus.ContinuedAsNew)),
            _ => null, sidecar);
        await world.StartAsync("one");
        await Eventually.Become(() => worker.Activities.Count, n => n == 1, TimeSpan.FromSeconds(10), "the first is begun", Cancel);
        await world.Api.RaiseAsync("one", "go", "");
        await Eventually.Become(() => worker.Activities.Count, n => n == 2, TimeSpan.FromSeconds(10), "the second is begun", Cancel);
        var items = worker.Seen.Where(i => i.ActivityRequest is not null).ToList();
        await sidecar.AnswerAsync(new ActivityResponse
        {
            InstanceId = "one", TaskId = 0, Result = "straggler", CompletionToken = items[0].CompletionToken,
        });
        await sidecar.AnswerAsync(new ActivityResponse
        {
            InstanceId = "one", TaskId = 0, Result = "right", CompletionToken = items[1].CompletionToken,
        });
        Assert.Equal("right", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task A_child_of_an_earlier_generation_answers_nobody()
    {
        world.Work(request =>
        {
            if (request.InstanceId != "one")
            {
                return request.NewEvents.Any(e => e.EventRaised is not null)
                    ? Code.Answer(Code.Complete(request.InstanceId)) : Code.Answer();
            }

            string round = Code.Seen(request).First(e => e.ExecutionStarted is not null).ExecutionStarted.Input;
            if (request.PastEvents.Count == 0) return Code.Answer(Code.Child(0, "child", $"kid{round}"));
            if (request.NewEvents.FirstOrDefault(e => e.ChildWorkflowInstanceCompleted is not null) is { } child)
                return Code.Answer(Code.Complete(child.ChildWorkflowInstanceCompleted.Result));
            return Code.Answer(Code.Complete("2", OrchestrationStatus.ContinuedAsNew));
        });
        await world.StartAsync("one", input: "1");
        await StatusAsync("kid1", OrchestrationStatus.Running);
        await world.Api.RaiseAsync("one", "again", "");
        await StatusAsync("kid2", OrchestrationStatus.Running);
        await world.Api.RaiseAsync("kid1", "go", "");
        await world.EndAsync("kid1");
        await world.Api.RaiseAsync("kid2", "go", "");
        Assert.Equal("kid2", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task An_id_of_a_child_that_somebody_else_has_fails_the_child()
    {
        world.Work(request => Code.Seen(request).First(e => e.ExecutionStarted is not null).ExecutionStarted.Name == "waits" ? Code.Answer()
            : Code.Seen(request).FirstOrDefault(e => e.ChildWorkflowInstanceFailed is not null) is { } failed
                ? Code.Answer(Code.Complete(failed.ChildWorkflowInstanceFailed.FailureDetails.ErrorType))
                : Code.Answer(Code.Child(0, "waits", "taken")));
        await world.StartAsync("taken", "waits");
        await world.StartAsync("one");
        Assert.Equal("WorkflowInstanceAlreadyExists", (await world.EndAsync("one")).Output);
    }

    [Fact]
    public async Task Activities_and_children_of_another_app_are_worked_on_there()
    {
        TaskRouter there = new() { TargetAppID = "other" };
        var (activity, child) = (Code.Schedule(0, "step", "x"), Code.Child(1, "child", "kid"));
        (activity.Router, child.Router) = (there, there);
        var here = world.Work(request => request.PastEvents.Count == 0 ? Code.Answer(activity, child)
            : Code.Seen(request).Count(e => e.TaskCompleted is not null || e.ChildWorkflowInstanceCompleted is not null) == 2
                ? Code.Answer(Code.Complete("done")) : Code.Answer());
        var other = world.Work(_ => Code.Answer(Code.Complete("kid's")), sidecar: world.Sidecar(app: "other"));
        await world.StartAsync("one");
        Assert.Equal("done", (await world.EndAsync("one")).Output);
        Assert.Empty(here.Activities);
        Assert.Equal("step", other.Activities.Single().Name);
        Assert.Equal("other", other.Turns.Single().NewEvents[1].Router.SourceAppID);
        Assert.Null(world.State("kid"));
    }

    [Fact]
    public async Task A_detached_workflow_goes_its_own_way()
    {
        world.Work(request => request.InstanceId == "free" ? Code.Answer() : Code.Answer(
            new WorkflowAction { CreateDetachedWorkflow = new() { InstanceId = "free", Name = "code" } }, Code.Complete("done")));
        await world.StartAsync("one");
        await world.EndAsync("one");
        await StatusAsync("free", OrchestrationStatus.Running);
        Assert.Null(world.State("free")!.ParentInstanceId);
        Assert.Equal(1, await world.Api.PurgeAsync("one", recursive: true, force: false));
        Assert.NotNull(world.State("free"));
    }

    [Fact]
    public async Task An_answer_of_an_earlier_turn_is_thrown_away()
    {
        var sidecar = world.Sidecar();
        var worker = world.Work(request => request.PastEvents.Count == 0 ? Code.Answer(Code.Schedule(0, "step")) : null, sidecar: sidecar);
        await world.StartAsync("one");
        await Eventually.Become(() => worker.Turns.Count, n => n == 2, TimeSpan.FromSeconds(10), "the second turn is begun", Cancel);
        await sidecar.AnswerAsync(new WorkflowResponse { InstanceId = "one", Actions = { Code.Schedule(0, "step") } });
        Assert.Single(worker.Activities);
        await Eventually.Become(
            () =>
            {
                world.Clock.Advance(TimeSpan.FromSeconds(1));
                return worker.Turns.Count;
            }, n => n >= 3, TimeSpan.FromSeconds(10), "the turn is run again", Cancel);
        await sidecar.AnswerAsync(new WorkflowResponse { InstanceId = "one", Actions = { Code.Complete("right") } });
        Assert.Equal("right", (await world.EndAsync("one")).Output);
        Assert.Single(worker.Activities);
    }

    [Fact]
    public async Task Activities_are_repeated_and_answers_lost_as_ordered_and_it_comes_to_the_same_end()
    {
        using var repeat = world.Faults.RepeatActivities("step", times: 2);
        using var activities = world.Faults.LoseActivityAnswers(instance: "one");
        using var turns = world.Faults.LoseTurnAnswers("code", times: 3);
        using var others = world.Faults.LoseActivityAnswers("another", times: 100);
        var worker = world.Work(Code.Chain(3));
        await world.StartAsync("one");
        Assert.Equal("2!", (await world.EndAsync("one")).Output);
        Assert.InRange(worker.Activities.Count, 5, 6);
        Assert.Equal(3, worker.Activities.Select(a => a.TaskExecutionId).Distinct().Count());
        Assert.Equal(4 + 3, worker.Turns.Count);
        Assert.Equal(3, world.Api.History("one").Count(e => e.TaskCompleted is not null));
    }

    private async Task StatusAsync(string id, OrchestrationStatus status) => await Eventually.Become(
        () => world.State(id)?.WorkflowStatus, s => s == status, TimeSpan.FromSeconds(10), $"{id} is {status}", Cancel);
}
