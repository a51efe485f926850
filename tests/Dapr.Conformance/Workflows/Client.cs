using Conformance.World;
using Dapr.Workflow;
using Dapr.Workflow.Client;
using Dapr.Workflow.Registration;
using Grpc.Core;

namespace Conformance.Workflows;

/// <summary>What the tests ask of workflows, through the SDK's client beside one sidecar.</summary>
public sealed class Client(Replica replica)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IDaprWorkflowClient Sdk { get; } = new DaprWorkflowClientBuilder()
        .UseGrpcEndpoint($"http://127.0.0.1:{replica.Address.GrpcPort}")
        .UseDaprApiToken(Environment.GetEnvironmentVariable("DAPR_API_TOKEN") ?? "").Build();

    /// <summary>Starts one under a new id.</summary>
    public async Task<string> Start(string name, object? input = null, string? id = null, DateTimeOffset? at = null)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        id ??= Unique.Name(name.ToLowerInvariant().Replace(' ', '-'));
        return await Sdk.ScheduleNewWorkflowAsync(name, id, input, at, deadline.Token);
    }

    /// <summary>Waits for the end; a wait that a sidecar gave up is begun again, as every application has to.</summary>
    public async Task<WorkflowState> End(string id)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            try
            {
                return await Sdk.WaitForWorkflowCompletionAsync(id, cancellation: deadline.Token);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unknown && e.Status.Detail.Contains("actor is closed"))
            {
                // The instance goes on; only this wait was dropped.
            }
        }
    }

    public async Task<T?> Result<T>(string name, object? input = null)
    {
        var end = await End(await Start(name, input));
        Assert.Equal(WorkflowRuntimeStatus.Completed, end.RuntimeStatus);
        return end.ReadOutputAs<T>();
    }

    public Task Raise(string id, string name, object payload) => Sdk.RaiseEventAsync(id, name, payload, Cancel);

    public Task Suspend(string id) => Sdk.SuspendWorkflowAsync(id, "a pause", Cancel);

    public Task Resume(string id) => Sdk.ResumeWorkflowAsync(id, "go on", Cancel);

    public Task Terminate(string id) => Sdk.TerminateWorkflowAsync(id, "enough", Cancel);

    public Task<bool> Purge(string id) => Sdk.PurgeInstanceAsync(id, Cancel);

    public async Task<WorkflowState> State(string id) => (await Sdk.GetWorkflowStateAsync(id, cancellation: Cancel))!;

    public async Task<WorkflowRuntimeStatus> Status(string id) =>
        (await State(id)).RuntimeStatus;

    /// <summary>Waits until an instance shows a custom status.</summary>
    public Task Shows(string id, string status) => Eventually.Become(
        async () => (await State(id)).ReadCustomStatusAs<string>(),
        now => now == status, TimeSpan.FromSeconds(15), $"{id} shows '{status}'", Cancel);
}
