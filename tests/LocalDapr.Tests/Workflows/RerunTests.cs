using Dapr.DurableTask.Protobuf;
using LocalDapr.Workflows;

namespace LocalDapr.Tests.Workflows;

/// <summary>What has ended runs again from one of its steps.</summary>
public sealed class RerunTests : IAsyncDisposable
{
    private readonly WorkflowWorld world = new();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task What_came_before_the_step_is_taken_as_it_was()
    {
        var worker = world.Work(Code.Chain(3));
        await world.StartAsync("one");
        await world.EndAsync("one");
        string again = await world.Api.RerunAsync(new()
        {
            SourceInstanceID = "one", EventID = 1, NewInstanceID = "two", OverwriteInput = true, Input = "other",
        });
        Assert.Equal("two", again);
        Assert.Equal("2!", (await world.EndAsync("two")).Output);
        Assert.Equal(["other", "2"], worker.Activities.Where(a => a.WorkflowInstance.InstanceId == "two").Select(a => a.Input));
        var history = world.Api.History("two");
        Assert.Equal("two", history[1].ExecutionStarted.WorkflowInstance.InstanceId);
        Assert.Equal(["0!", "other!", "2!"], history.Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.Result));
        Assert.Equal("one", history.Single(e => e.EventId == 1).TaskScheduled.RerunParentInstanceInfo.InstanceID);
    }

    [Fact]
    public async Task What_was_open_at_the_step_is_begun_anew_as_well()
    {
        world.Work(request => Code.Seen(request).First(e => e.ExecutionStarted is not null).ExecutionStarted.Name == "child"
            ? Code.Answer(Code.Complete("kid"))
            : request.PastEvents.Count == 0 ? Code.Answer(Code.Schedule(0, "a"), Code.Schedule(1, "b"), Code.Child(2, "child", "kid"))
            : Code.Seen(request).Count(e => e.TaskCompleted is not null || e.ChildWorkflowInstanceCompleted is not null) == 3
                ? Code.Answer(Code.Complete("done")) : Code.Answer());
        await world.StartAsync("one");
        await world.EndAsync("one");
        await world.Api.RerunAsync(new() { SourceInstanceID = "one", EventID = 2, NewInstanceID = "two" });
        Assert.Equal("done", (await world.EndAsync("two")).Output);
        Assert.Equal(OrchestrationStatus.Completed, (await world.EndAsync("two:0002")).WorkflowStatus);
    }

    [Theory]
    [InlineData("nobody", 0u, "two", WorkflowRefusal.NotFound)]
    [InlineData("one", 9u, "two", WorkflowRefusal.NotFound)]
    [InlineData("one", 0u, "one", WorkflowRefusal.Invalid)]
    [InlineData("runs", 0u, "two", WorkflowRefusal.Invalid)]
    [InlineData("one", 0u, "runs", WorkflowRefusal.AlreadyExists)]
    public async Task What_cannot_run_again_is_refused(string source, uint step, string id, object refusal)
    {
        world.Work(request => request.InstanceId == "runs" ? Code.Answer() : Code.Chain(1)(request));
        await world.StartAsync("one");
        await world.StartAsync("runs");
        await world.EndAsync("one");
        var refused = await Assert.ThrowsAsync<WorkflowException>(() =>
            world.Api.RerunAsync(new() { SourceInstanceID = source, EventID = step, NewInstanceID = id }));
        Assert.Equal(refusal, refused.Refusal);
    }
}
