using Conformance.Promises;
using Conformance.World;
using Dapr.DurableTask.Protobuf;

namespace Conformance.Workflows;

/// <summary>What goes over the wire between a sidecar and a worker.</summary>
public sealed class WorkflowWireTests(RawWorker worker) : IClassFixture<RawWorker>
{
    private readonly string _id = Unique.Name("raw");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("11.4.3", "The first turn holds its beginning and how the instance was started, and no history")]
    [Holds("11.2.1", "A start is answered after the first turn was")]
    public async Task The_first_turn_tells_how_the_instance_was_started()
    {
        var script = worker.For(_id, _ => null);
        var starting = worker.Service.StartInstanceAsync(
            new() { InstanceId = _id, Name = "raw", Input = "\"in\"" }, cancellationToken: Cancel).ResponseAsync;
        var first = (await script.Turns(1))[0];
        Assert.Equal([], first.PastEvents);
        Assert.Equal(["WorkflowStarted", "ExecutionStarted"], Types(first.NewEvents));
        Assert.All(first.NewEvents, e => Assert.Equal(-1, e.EventId));
        var started = first.NewEvents[1];
        Assert.Equal(("raw", "\"in\"", _id),
            (started.ExecutionStarted.Name, started.ExecutionStarted.Input, started.ExecutionStarted.WorkflowInstance.InstanceId));
        Assert.NotEmpty(started.ExecutionStarted.WorkflowInstance.ExecutionId);
        Assert.Equal(worker.AppId, started.Router.SourceAppID);
        Assert.False(starting.IsCompleted);
        await worker.Service.CompleteWorkflowTaskAsync(Answer(Complete("done"), _id), cancellationToken: Cancel);
        Assert.Equal(_id, (await starting).InstanceId);
    }

    [Fact, Holds("11.4.3", "An event has the id of its action; what came of it points back to that")]
    public async Task What_was_scheduled_comes_back_with_its_id()
    {
        var script = worker.For(
            _id, turn => turn.PastEvents.Count == 0 ? Answer(Schedule(5, "work", "\"x\"")) : Answer(Complete("done")),
            activity => new ActivityResponse { Result = $"{activity.Name} {activity.Input}" });
        await Start();
        var second = (await script.Turns(2))[1];
        var activity = (await script.Activities(1))[0];
        Assert.Equal((5, _id, "execution 5"), (activity.TaskId, activity.WorkflowInstance.InstanceId, activity.TaskExecutionId));
        Assert.Equal(["WorkflowStarted", "ExecutionStarted", "TaskScheduled"], Types(second.PastEvents));
        Assert.Equal(5, second.PastEvents[2].EventId);
        Assert.Equal(["WorkflowStarted", "TaskCompleted"], Types(second.NewEvents));
        Assert.Equal((5, "work \"x\""),
            (second.NewEvents[1].TaskCompleted.TaskScheduledId, second.NewEvents[1].TaskCompleted.Result));
        Assert.Equal("done", (await End()).Output);
    }

    [Fact, Holds("11.4.1", "What comes while a turn runs is all in the next one, in order")]
    [Holds("11.4.1", "The history holds nothing of a turn that has not been answered")]
    public async Task What_comes_during_a_turn_is_for_the_next()
    {
        var script = worker.For(_id, turn => turn.PastEvents.Count == 0 ? null : Answer(Complete("done")));
        var starting = worker.Service.StartInstanceAsync(new() { InstanceId = _id, Name = "raw" }, cancellationToken: Cancel).ResponseAsync;
        await script.Turns(1);
        foreach (string name in (string[])["a", "b", "c"])
            await worker.Service.RaiseEventAsync(new() { InstanceId = _id, Name = name }, cancellationToken: Cancel);
        await worker.Service.CompleteOrchestratorTaskAsync(Answer(id: _id), cancellationToken: Cancel);
        await starting;
        var second = (await script.Turns(2))[1];
        Assert.Equal(["WorkflowStarted", "ExecutionStarted"], Types(second.PastEvents));
        var all = second.NewEvents.Where(e => e.EventRaised is not null).Select(e => e.EventRaised.Name);
        Assert.Equal("a b c", string.Join(' ', all));
        await End();
    }

    [Fact, Holds("11.5.4", "The next generation begins at once, as another execution, with what was carried over")]
    public async Task Continue_as_new_is_another_execution_with_an_empty_history()
    {
        var carried = new HistoryEvent { EventId = -1, Timestamp = new(), EventRaised = new() { Name = "kept", Input = "1" } };
        var script = worker.For(_id, turn => Input(turn) == "2" ? Answer(Complete("done")) : Answer(new WorkflowAction
        {
            CompleteWorkflow = new()
            {
                WorkflowStatus = OrchestrationStatus.ContinuedAsNew, Result = "2", CarryoverEvents = { carried },
            },
        }));
        await Start("1");
        var turns = await script.Turns(2);
        Assert.Equal([], turns[1].PastEvents);
        Assert.Equal(["WorkflowStarted", "ExecutionStarted", "EventRaised"], Types(turns[1].NewEvents));
        Assert.NotEqual(Execution(turns[0]), Execution(turns[1]));
        Assert.Equal("done", (await End()).Output);
    }

    [Fact, Holds("11.5.6", "A termination that the worker does not honour is carried out all the same")]
    public async Task A_termination_is_carried_out_whatever_the_worker_answers()
    {
        worker.For(_id, _ => Answer());
        await Start();
        await worker.Service.TerminateInstanceAsync(new() { InstanceId = _id, Output = "\"enough\"" }, cancellationToken: Cancel);
        var end = await End();
        Assert.Equal((OrchestrationStatus.Terminated, "\"enough\""), (end.WorkflowStatus, end.Output));
    }

    [Fact, Holds("11.5.1", "A timer fires once, with its id, and its creation is in the history")]
    public async Task A_timer_fires_with_its_id()
    {
        var script = worker.For(_id, turn => turn.PastEvents.Count > 0 ? Answer(Complete("done")) : Answer(new WorkflowAction
        {
            Id = 7,
            CreateTimer = new()
            {
                FireAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMilliseconds(300)),
                CreateTimer = new(),
            },
        }));
        await Start();
        var second = (await script.Turns(2))[1];
        Assert.Equal(7, second.PastEvents.Single(e => e.TimerCreated is not null).EventId);
        Assert.Equal(7, second.NewEvents.Single(e => e.TimerFired is not null).TimerFired.TimerId);
        await End();
    }

    [Fact, Holds("11.1.4", "An answer that nobody waits for is accepted: a worker that is refused drops all its work")]
    public async Task Answers_that_nobody_waits_for_are_accepted()
    {
        await worker.Service.CompleteOrchestratorTaskAsync(Answer(id: _id), cancellationToken: Cancel);
        await worker.Service.CompleteActivityTaskAsync(new() { InstanceId = _id, TaskId = 3, Result = "" }, cancellationToken: Cancel);
        await worker.Service.HelloAsync(new(), cancellationToken: Cancel);
    }

    private static WorkflowResponse Answer(params WorkflowAction[] actions) => new() { Actions = { actions } };

    private static WorkflowResponse Answer(WorkflowAction action, string id) => new() { Actions = { action }, InstanceId = id };

    private static WorkflowResponse Answer(string id) => new() { InstanceId = id };

    private static WorkflowAction Schedule(int id, string name, string input) =>
        new() { Id = id, ScheduleTask = new() { Name = name, Input = input, TaskExecutionId = $"execution {id}" } };

    private static WorkflowAction Complete(string result) =>
        new() { CompleteWorkflow = new() { WorkflowStatus = OrchestrationStatus.Completed, Result = result } };

    private static IEnumerable<string> Types(IEnumerable<HistoryEvent> events) => events.Select(e => e.EventTypeCase.ToString());

    private static ExecutionStartedEvent Began(WorkflowRequest turn) =>
        turn.PastEvents.Concat(turn.NewEvents).First(e => e.ExecutionStarted is not null).ExecutionStarted;

    private static string Input(WorkflowRequest turn) => Began(turn).Input;

    private static string Execution(WorkflowRequest turn) => Began(turn).WorkflowInstance.ExecutionId;

    private async Task Start(string input = "") =>
        await worker.Service.StartInstanceAsync(new() { InstanceId = _id, Name = "raw", Input = input }, cancellationToken: Cancel);

    private async Task<WorkflowState> End() => (await worker.Service.WaitForInstanceCompletionAsync(
        new() { InstanceId = _id, GetInputsAndOutputs = true }, cancellationToken: Cancel)).WorkflowState;
}
