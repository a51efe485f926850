using Conformance.Promises;
using Conformance.World;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;

namespace Conformance.Workflows;

/// <summary>Workflows by the older doors: HTTP, and beside the other building blocks of gRPC.</summary>
public sealed class WorkflowHttpTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("http");
    private readonly Client _client = new(world.A1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("11.8.2", "HTTP starts a workflow with the body as its input, and tells its state")]
    public async Task A_workflow_is_started_and_looked_at()
    {
        var started = await Post($"Chain/start?instanceID={_id}", "3");
        Assert.Equal((202, _id), (started.Status, started.Json.GetProperty("instanceID").GetString()));
        await _client.End(_id);
        var state = (await Get(_id)).Json;
        Assert.Equal((_id, "Chain", "COMPLETED"), (
            state.GetProperty("instanceID").GetString(), state.GetProperty("workflowName").GetString(),
            state.GetProperty("runtimeStatus").GetString()));
        Assert.Equal(("3", "3"), (
            state.GetProperty("properties").GetProperty("dapr.workflow.input").GetString(),
            state.GetProperty("properties").GetProperty("dapr.workflow.output").GetString()));
        Assert.InRange(state.GetProperty("lastUpdatedAt").GetDateTimeOffset(), state.GetProperty("createdAt").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact, Holds("11.8.2", "HTTP tells why a workflow failed")]
    public async Task A_failure_is_told()
    {
        await Post($"Fail/start?instanceID={_id}", "\"no reason\"");
        await _client.End(_id);
        var state = (await Get(_id)).Json;
        Assert.Equal("FAILED", state.GetProperty("runtimeStatus").GetString());
        var properties = state.GetProperty("properties");
        Assert.Equal("no reason", properties.GetProperty("dapr.workflow.failure.error_message").GetString());
        Assert.False(properties.TryGetProperty("dapr.workflow.output", out _));
    }

    [Fact, Holds("11.8.2", "HTTP pauses, resumes, raises events, terminates and purges")]
    public async Task A_workflow_is_directed()
    {
        await Post($"AwaitTwo/start?instanceID={_id}", "\"\"");
        await Journal.Has(_id, "do first");
        Assert.Equal(202, (await Post($"{_id}/pause")).Status);
        await Becomes("SUSPENDED");
        Assert.Equal(202, (await Post($"{_id}/resume")).Status);
        await Becomes("RUNNING");
        Assert.Equal(202, (await Post($"{_id}/raiseEvent/one", "\"a\"")).Status);
        Assert.Equal(202, (await Post($"{_id}/terminate")).Status);
        await Becomes("TERMINATED");
        Assert.Equal(202, (await Post($"{_id}/purge")).Status);
        Assert.Equal("404 ERR_INSTANCE_ID_NOT_FOUND", (await Get(_id)).Refusal);
    }

    [Fact, Holds("11.8.2", "HTTP refuses ids that are none, and what it cannot find")]
    public async Task What_cannot_be_is_refused()
    {
        Assert.Equal("400 ERR_INSTANCE_ID_INVALID", (await Post("Chain/start?instanceID=a.b", "1")).Refusal);
        Assert.Equal("400 ERR_INSTANCE_ID_TOO_LONG", (await Post($"Chain/start?instanceID={new string('a', 65)}", "1")).Refusal);
        Assert.Equal("404 ERR_INSTANCE_ID_NOT_FOUND", (await Get(_id)).Refusal);
        Assert.Equal("404 ERR_INSTANCE_ID_NOT_FOUND", (await Post($"{_id}/terminate")).Refusal);
        Assert.Equal("500 ERR_RAISE_EVENT_WORKFLOW", (await Post($"{_id}/raiseEvent/go", "1")).Refusal);
        Assert.Equal("500 ERR_PAUSE_WORKFLOW", (await Post($"{_id}/pause")).Refusal);
        Assert.Equal("500 ERR_RESUME_WORKFLOW", (await Post($"{_id}/resume")).Refusal);
    }

    [Fact, Holds("11.8.2", "The older methods of gRPC do the same")]
    public async Task The_older_methods_do_the_same()
    {
        var started = await world.A1.Grpc.StartWorkflowBeta1Async(
            new() { InstanceId = _id, WorkflowComponent = "dapr", WorkflowName = "Await", Input = ByteString.CopyFromUtf8("\"x\"") },
            cancellationToken: Cancel);
        Assert.Equal(_id, started.InstanceId);
        await _client.Shows(_id, "x");
        await world.A1.Grpc.RaiseEventWorkflowBeta1Async(
            new() { InstanceId = _id, EventName = "go", EventData = ByteString.CopyFromUtf8("\"there\"") },
            cancellationToken: Cancel);
        await _client.End(_id);
        var state = await world.A1.Grpc.GetWorkflowBeta1Async(new() { InstanceId = _id }, cancellationToken: Cancel);
        Assert.Equal(("Await", "COMPLETED", "\"there\""),
            (state.WorkflowName, state.RuntimeStatus, state.Properties["dapr.workflow.output"]));
        await world.A1.Grpc.PurgeWorkflowBeta1Async(new() { InstanceId = _id }, cancellationToken: Cancel);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await world.A1.Grpc.TerminateWorkflowBeta1Async(new() { InstanceId = _id }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact, Holds("11.8.3", "Metadata tells how many workers are connected")]
    public async Task Metadata_tells_of_workers()
    {
        var json = (await world.A1.Send(HttpMethod.Get, "/v1.0/metadata")).Json;
        Assert.Equal(1, json.GetProperty("workflows").GetProperty("connectedWorkers").GetInt32());
        var answer = await world.A1.Grpc.GetMetadataAsync(new GetMetadataRequest(), cancellationToken: Cancel);
        Assert.Equal(1, answer.Workflows.ConnectedWorkers);
    }

    private async Task Becomes(string status) => await Eventually.Become(
        async () => (await Get(_id)).Json.GetProperty("runtimeStatus").GetString(), now => now == status, TimeSpan.FromSeconds(15),
        $"{_id} is {status}", Cancel);

    private Task<Answer> Post(string path, string? body = null) => world.A1.Send(HttpMethod.Post, $"/v1.0/workflows/dapr/{path}", body);

    private Task<Answer> Get(string id) => world.A1.Send(HttpMethod.Get, $"/v1.0/workflows/dapr/{id}");
}
