using Conformance.Promises;
using Conformance.World;
using Dapr.Workflow;
using Grpc.Core;

namespace Conformance.Workflows;

/// <summary>Instances from outside: begun, watched, held up, ended, forgotten.</summary>
public sealed class InstanceTests(DaprWorld world)
{
    private readonly Client _client = new(world.A1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("11.2", "An instance tells its name, status, input, output and times")]
    public async Task An_instance_tells_what_became_of_it()
    {
        string id = await _client.Start("Chain", 2);
        var end = await _client.End(id);
        Assert.Equal(("Chain", WorkflowRuntimeStatus.Completed), (end.WorkflowName, end.RuntimeStatus));
        Assert.Equal((2, 2), (end.ReadInputAs<int>(), end.ReadOutputAs<int>()));
        Assert.InRange(end.LastUpdatedAt, end.CreatedAt, end.CreatedAt.AddMinutes(1));
    }

    [Fact, Holds("11.3.2", "A workflow that throws has failed, with type and message")]
    public async Task A_workflow_that_throws_has_failed_with_that()
    {
        string id = await _client.Start("Fail", "no reason");
        var end = await _client.End(id);
        Assert.Equal(WorkflowRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(("System.InvalidOperationException", "no reason"), (end.FailureDetails!.ErrorType, end.FailureDetails.ErrorMessage));
    }

    [Fact, Holds("11.3.2", "An unknown workflow fails its instance, an unknown activity is a failed one")]
    public async Task An_unknown_workflow_fails_at_once_and_an_unknown_activity_like_any_that_fails()
    {
        var workflow = await _client.End(await _client.Start("No such workflow"));
        Assert.Equal((WorkflowRuntimeStatus.Failed, "WorkflowNotFound"), (workflow.RuntimeStatus, workflow.FailureDetails!.ErrorType));
        var activity = await _client.End(await _client.Start("Unknown activity", ""));
        Assert.Equal(WorkflowRuntimeStatus.Failed, activity.RuntimeStatus);
        Assert.Contains("No such activity", activity.FailureDetails!.ErrorMessage);
    }

    [Fact, Holds("11.2.1", "An id is taken while its instance runs, and free afterwards")]
    public async Task An_id_is_taken_while_its_instance_runs_and_free_afterwards()
    {
        string id = await _client.Start("Await", "first");
        var refused = await Assert.ThrowsAsync<RpcException>(() => _client.Start("Await", "second", id));
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Contains($"an active workflow with ID '{id}' already exists", refused.Status.Detail);
        await _client.Raise(id, "go", "done");
        await _client.End(id);
        await _client.Start("Chain", 1, id);
        Assert.Equal(1, (await _client.End(id)).ReadOutputAs<int>());
    }

    [Fact, Holds("11.2.1", "An instance for later is pending until then")]
    public async Task An_instance_for_later_waits_for_its_time()
    {
        string id = await _client.Start("Chain", 1, at: TimeProvider.System.GetUtcNow().AddSeconds(1.5));
        Assert.Equal(WorkflowRuntimeStatus.Pending, await _client.Status(id));
        var end = await _client.End(id);
        Assert.InRange(end.LastUpdatedAt, end.CreatedAt.AddSeconds(1.3), end.CreatedAt.AddSeconds(20));
    }

    [Fact, Holds("11.5.5", "What comes for a suspended instance is taken up when it is resumed")]
    public async Task A_suspended_instance_takes_up_afterwards_what_came_meanwhile()
    {
        string id = await _client.Start("Await", "waiting");
        await _client.Suspend(id);
        Assert.Equal(WorkflowRuntimeStatus.Suspended, await _client.Status(id));
        await _client.Raise(id, "go", "held up");
        await _client.Resume(id);
        Assert.Equal("held up", (await _client.End(id)).ReadOutputAs<string>());
    }

    [Fact, Holds("11.5.6", "Termination ends an instance and its children")]
    public async Task Terminating_ends_an_instance_and_its_children()
    {
        string child = Unique.Name("child");
        string id = await _client.Start("Parent", $"Await {child} waiting");
        await _client.Shows(child, "waiting");
        await _client.Terminate(id);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, await _client.Status(id));
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await _client.End(child)).RuntimeStatus);
    }

    [Fact, Holds("11.7", "Only what has ended is purged, with its children")]
    public async Task Purging_forgets_an_instance_that_has_ended_with_its_children()
    {
        string child = Unique.Name("child");
        string id = await _client.Start("Parent", $"Await {child} waiting");
        await _client.Shows(child, "waiting");
        var refused = await Assert.ThrowsAsync<RpcException>(() => _client.Purge(id));
        Assert.Equal(StatusCode.Unknown, refused.StatusCode);
        Assert.Contains("orchestration has not yet completed", refused.Status.Detail);
        await _client.Raise(child, "go", "done");
        await _client.End(id);
        Assert.True(await _client.Purge(id));
        Assert.False((await _client.State(id)).Exists);
        Assert.False((await _client.State(child)).Exists);
    }

    [Fact, Holds("11.2.2", "What is asked of an unknown instance is refused in known words")]
    public async Task What_is_asked_of_an_unknown_instance_is_refused()
    {
        string id = Unique.Name("nobody");
        Assert.False((await _client.State(id)).Exists);
        Func<Task>[] all =
        [
            () => _client.Raise(id, "go", ""), () => _client.Suspend(id), () => _client.Resume(id), () => _client.Terminate(id),
            () => _client.Purge(id),
        ];
        foreach (var ask in all)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(ask);
            Assert.Equal(StatusCode.Unknown, refused.StatusCode);
            Assert.Contains("no such instance exists", refused.Status.Detail);
        }

        var unknown = await Assert.ThrowsAsync<RpcException>(() => _client.Sdk.GetInstanceHistoryAsync(id, Cancel));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact, Holds("11.2.2", "What comes for an instance that has ended is accepted and dropped")]
    public async Task What_comes_for_an_instance_that_has_ended_is_taken_and_dropped()
    {
        string id = await _client.Start("Chain", 1);
        await _client.End(id);
        await _client.Raise(id, "go", "late");
        await _client.Terminate(id);
        Assert.Equal(WorkflowRuntimeStatus.Completed, await _client.Status(id));
    }

    [Fact, Holds("11.2", "Instances are listed page by page")]
    public async Task All_instances_are_listed_page_by_page()
    {
        var ids = new HashSet<string>();
        for (int i = 0; i < 5; i++) ids.Add(await _client.Start("Chain", 0));
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await _client.Sdk.ListInstanceIdsAsync(next, 3, Cancel);
            Assert.InRange(page.InstanceIds.Count, 0, 3);
            seen.AddRange(page.InstanceIds);
            next = page.ContinuationToken;
        }
        while (next is not null);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Superset(ids, seen.ToHashSet());
    }

    [Fact, Holds("11.4.1", "The history tells each step; ids are those of the actions, or -1")]
    public async Task The_history_tells_each_step()
    {
        string id = await _client.Start("Chain", 1);
        await _client.End(id);
        var history = await _client.Sdk.GetInstanceHistoryAsync(id, Cancel);
        Assert.Equal(
            "OrchestratorStarted ExecutionStarted TaskScheduled OrchestratorStarted TaskCompleted ExecutionCompleted",
            string.Join(' ', history.Select(e => e.EventType)));
        Assert.Equal([-1, -1, 0, -1, -1, 0], history.Select(e => e.EventId));
    }

    [Fact, Holds("11.5.3", "A child whose id belongs to another instance that runs has failed")]
    public async Task A_child_cannot_take_the_id_of_another_instance()
    {
        string taken = await _client.Start("Await", "waiting");
        var end = await _client.End(await _client.Start("Parent", $"Await {taken} other"));
        Assert.StartsWith("WorkflowInstanceAlreadyExists", end.ReadOutputAs<string>(), StringComparison.Ordinal);
        await _client.Terminate(taken);
    }

    [Fact, Holds("11.7", "What has ended runs again from one of its steps, as another instance, with another input if wished")]
    public async Task A_workflow_runs_again_from_a_step()
    {
        string id = await _client.Start("Chain", 3);
        await _client.End(id);
        string again = await _client.Sdk.RerunWorkflowFromEventAsync(
            id, 1, new() { NewInstanceId = Unique.Name("again"), Input = 41, OverwriteInput = true }, Cancel);
        Assert.Equal(43, (await _client.End(again)).ReadOutputAs<int>());
        Assert.Equal(["increment 41", "increment 42"], Journal.Of(again).Select(line => line.Split(" on ")[0]));
    }
}
