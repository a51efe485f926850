using Dapr.DurableTask.Protobuf;
using LocalDapr.Workflows;

namespace LocalDapr.Tests.Workflows;

/// <summary>A turn from values to values.</summary>
public sealed class TurnTests
{
    private static readonly WorkflowKey Key = new("app", "one");
    private readonly List<HistoryEvent> history = [];
    private readonly List<HistoryEvent> inbox = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TurnTests() => inbox.Add(Events.Started(now, new()
    {
        Name = "code", Input = "in", WorkflowInstance = new() { InstanceId = Key.Id, ExecutionId = "first" },
    }, Key.App));

    [Fact]
    public void A_turn_begins_with_its_time_and_takes_all_that_came_in_order()
    {
        inbox.Add(Events.Raised(now, "a", "1"));
        inbox.Add(Events.Raised(now, "b", "2"));
        var turn = Begin()!;
        Assert.Equal(
            ["WorkflowStarted", "ExecutionStarted", "EventRaised", "EventRaised"], turn.New.Select(e => e.EventTypeCase.ToString()));
        Assert.All(turn.New, e => Assert.Equal(-1, e.EventId));
    }

    [Fact]
    public void Without_anything_new_there_is_no_turn()
    {
        Run(Code.Schedule(0, "a"));
        Assert.Null(Begin());
        inbox.Add(Events.TimerFired(now, 7, now));
        inbox.Add(Done(4));
        Assert.Null(Begin());
    }

    [Fact]
    public void What_was_scheduled_ends_once()
    {
        Run(Code.Schedule(0, "a"));
        inbox.AddRange([Done(0), Done(0)]);
        Assert.Equal(2, Begin()!.New.Count);
        Run();
        inbox.Add(Done(0));
        Assert.Null(Begin());
    }

    [Fact]
    public void An_event_keeps_the_id_of_its_action()
    {
        var outcome = Run(Code.Schedule(3, "a"), Code.Timer(4, now), Code.Child(5, "b", "child"));
        Assert.Equal([3, 4, 5], outcome.Added.Skip(2).Select(e => e.EventId));
        Assert.All(outcome.Added.Skip(2), e => Assert.Equal("app", e.Router.SourceAppID));
        Assert.Equal("app", outcome.Starts.Single().Started.ExecutionStarted.ParentInstance.AppID);
    }

    [Fact]
    public void A_child_without_an_id_is_named_after_its_parent() =>
        Assert.Equal("one:000a", Run(Code.Child(10, "b", "")).Starts.Single().Key.Id);

    [Fact]
    public void An_event_ends_the_oldest_timer_that_waited_for_it()
    {
        Run(Code.Timer(0, now.AddHours(1), "go"), Code.Timer(1, now.AddHours(2), "GO"), Code.Timer(2, now.AddHours(3)));
        inbox.Add(Events.Raised(now, "Go", ""));
        Assert.Equal([0], Run().CancelledTimers);
        inbox.Add(Events.TimerFired(now, 0, now));
        Assert.Null(Begin());
        inbox.Add(Events.Raised(now, "go", ""));
        Assert.Equal([1], Run().CancelledTimers);
        inbox.Add(Events.Raised(now, "go", ""));
        Assert.Empty(Run().CancelledTimers);
    }

    [Fact]
    public void The_first_completion_counts_and_what_was_asked_beside_it_is_still_begun()
    {
        var outcome = Run(
            Code.Complete("one"), Code.Complete("two"), Code.Schedule(1, "a"), Code.Timer(2, now.AddHours(1)),
            Code.Complete("again", OrchestrationStatus.ContinuedAsNew));
        Assert.Equal((OrchestrationStatus.Completed, "one"), (outcome.Status, outcome.Ending!.Result));
        Assert.Single(outcome.Activities);
        Assert.Empty(outcome.Timers);
        Assert.Null(outcome.StartsOverWith);
    }

    [Fact]
    public void Continue_as_new_throws_away_the_history_and_the_rest_of_its_answer()
    {
        inbox.Add(Events.Raised(now, "kept", "1"));
        var again = Code.Complete("next", OrchestrationStatus.ContinuedAsNew);
        again.CompleteWorkflow.CarryoverEvents.Add(inbox[1]);
        var outcome = Run(again, Code.Schedule(1, "a"));
        Assert.Equal(OrchestrationStatus.Running, outcome.Status);
        Assert.Empty(outcome.Activities);
        var (start, kept) = (outcome.StartsOverWith![0].ExecutionStarted, outcome.StartsOverWith[1]);
        Assert.Equal(("code", "next", "id 1"), (start.Name, start.Input, start.WorkflowInstance.ExecutionId));
        Assert.Equal("kept", kept.EventRaised.Name);
    }

    [Fact]
    public void A_termination_is_not_lost_to_continue_as_new_nor_to_code_that_goes_on()
    {
        inbox.Add(Events.Terminated(now, "enough", recurse: true));
        var outcome = Run(Code.Complete("next", OrchestrationStatus.ContinuedAsNew), Code.Schedule(0, "a"), Code.Child(1, "b", "child"));
        Assert.Equal((OrchestrationStatus.Terminated, "enough"), (outcome.Status, outcome.Ending!.Result));
        Assert.Empty(outcome.Activities);
        Assert.Empty(outcome.Starts);
    }

    [Fact]
    public void Children_that_run_are_terminated_with_their_parent()
    {
        Run(Code.Child(0, "b", "done"), Code.Child(1, "b", "open"));
        inbox.Add(Events.ChildEnded(now, 0, new() { WorkflowStatus = OrchestrationStatus.Completed }));
        inbox.Add(Events.Terminated(now, "enough", recurse: true));
        var told = Assert.Single(Run(Code.Complete("", OrchestrationStatus.Terminated)).Messages);
        Assert.Equal(("open", true), (told.To.Id, told.Event.ExecutionTerminated.Recurse));
    }

    [Fact]
    public void A_parent_hears_of_the_end_whatever_it_was()
    {
        inbox[0].ExecutionStarted.ParentInstance = new()
        {
            TaskScheduledId = 8, AppID = "other", WorkflowInstance = new() { InstanceId = "parent", ExecutionId = "its run" },
        };
        var good = Assert.Single(Outcome(Code.Complete("fine")).Messages);
        Assert.Equal((new WorkflowKey("other", "parent"), "its run"), (good.To, good.Execution));
        Assert.Equal((8, "fine"),
            (good.Event.ChildWorkflowInstanceCompleted.TaskScheduledId, good.Event.ChildWorkflowInstanceCompleted.Result));
        var ended = Assert.Single(Outcome(Code.Complete("", OrchestrationStatus.Terminated)).Messages);
        Assert.Equal(8, ended.Event.ChildWorkflowInstanceFailed.TaskScheduledId);
    }

    [Fact]
    public void A_suspended_turn_keeps_what_came_and_shows_no_custom_status()
    {
        inbox.Add(Events.Suspended(now, "pause"));
        var outcome = Run();
        Assert.Equal((OrchestrationStatus.Suspended, null), (outcome.Status, outcome.CustomStatus));
        inbox.Add(Events.Resumed(now, "go on"));
        Assert.Equal(OrchestrationStatus.Running, Run().Status);
    }

    [Fact]
    public void Only_patches_that_are_new_enter_the_history()
    {
        Assert.Equal(["a"], Patched("a").Added[0].WorkflowStarted.Version.Patches);
        inbox.Add(Events.Raised(now, "go", ""));
        Assert.Equal(["b", "c"], Patched("a", "b", "c").Added[0].WorkflowStarted.Version.Patches);
        inbox.Add(Events.Raised(now, "go", ""));
        Assert.Null(Patched("a", "b", "c").Added[0].WorkflowStarted.Version);
    }

    [Fact]
    public void Code_that_lacks_a_patch_of_the_history_stalls_it_and_takes_nothing()
    {
        Patched("a", "b");
        inbox.Add(Events.Raised(now, "go", ""));
        var outcome = Outcome(Answer("b", "a"));
        Assert.True(outcome.IsStalled);
        Assert.Equal(OrchestrationStatus.Stalled, outcome.Status);
        Assert.Contains("History patches: [a, b], current patches: [b, a]", outcome.Added.Single().ExecutionStalled.Description);
        history.AddRange(outcome.Added);
        Assert.Empty(Outcome(Answer("b", "a")).Added);
        Assert.False(Outcome(Answer("a", "b", "c")).IsStalled);
    }

    [Fact]
    public void A_worker_that_did_not_run_the_code_is_not_asked_for_patches()
    {
        Patched("a");
        inbox.Add(Events.Suspended(now, ""));
        Assert.Equal(OrchestrationStatus.Suspended, Run().Status);
        inbox.Add(Events.Terminated(now, "", recurse: false));
        Assert.Equal(OrchestrationStatus.Terminated, Run(Code.Complete("", OrchestrationStatus.Terminated)).Status);
    }

    [Fact]
    public void What_Dapr_cannot_do_fails_the_instance_in_words()
    {
        var outcome = Run(new WorkflowAction { SendEvent = new() { Instance = new() { InstanceId = "other" }, Name = "go" } });
        Assert.Equal(OrchestrationStatus.Failed, outcome.Status);
        Assert.Contains("SendEvent to 'other' is not served by Dapr", outcome.Ending!.FailureDetails.ErrorMessage);
    }

    private static WorkflowResponse Answer(params string[] patches) => new() { Version = new() { Patches = { patches } } };

    private HistoryEvent Done(int task) => Events.TaskEnded(now, new() { TaskId = task, Result = "r" }, "execution");

    private Turn? Begin() => Turn.Begin(Key, history, inbox, now);

    private TurnOutcome Outcome(params WorkflowAction[] actions) => Outcome(Code.Answer(actions));

    private TurnOutcome Outcome(WorkflowResponse answer)
    {
        int ids = 0;
        return TurnEnd.Of(Begin()!, answer, now, () => $"id {++ids}");
    }

    private TurnOutcome Run(params WorkflowAction[] actions) => Keep(Outcome(actions));

    private TurnOutcome Patched(params string[] patches) => Keep(Outcome(Answer(patches)));

    private TurnOutcome Keep(TurnOutcome outcome)
    {
        history.AddRange(outcome.Added);
        inbox.Clear();
        now = now.AddSeconds(1);
        return outcome;
    }
}
