using System.Collections.Concurrent;
using Conformance.World;
using Dapr.DurableTask.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Conformance.Workflows;

/// <summary>
/// A worker of <c>conformance-b</c> without an SDK: what the sidecar sends is looked at as it is, and answered as each test says.
/// </summary>
public sealed class RawWorker(DaprWorld world) : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Script> _scripts = [];
    private readonly CancellationTokenSource _stopping = new();
    private GrpcChannel? _channel;
    private Task _running = Task.CompletedTask;

    public TaskHubSidecarService.TaskHubSidecarServiceClient Service { get; private set; } = null!;

    public string AppId => world.B.AppId;

    /// <summary>How one instance is worked on; an answer of null is given by the test itself, later or never.</summary>
    public Script For(
        string instance, Func<WorkflowRequest, WorkflowResponse?> turn, Func<ActivityRequest, ActivityResponse?>? activity = null) =>
        _scripts[instance] = new Script(turn, activity ?? (_ => null));

    public async ValueTask InitializeAsync()
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{world.B.Address.GrpcPort}");
        Service = new(_channel.Intercept(headers =>
        {
            if (Environment.GetEnvironmentVariable("DAPR_API_TOKEN") is { Length: > 0 } token) headers.Add("dapr-api-token", token);
            return headers;
        }));
        var stream = Service.GetWorkItems(new(), cancellationToken: _stopping.Token);
        await stream.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        _running = RunAsync(stream);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _channel?.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(AsyncServerStreamingCall<WorkItem> stream)
    {
        try
        {
            await foreach (var item in stream.ResponseStream.ReadAllAsync(_stopping.Token)) _ = AnswerAsync(item);
        }
        catch (Exception e) when (_stopping.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // The test class is done.
        }
    }

    private async Task AnswerAsync(WorkItem item)
    {
        string id = item.WorkflowRequest?.InstanceId ?? item.ActivityRequest?.WorkflowInstance.InstanceId ?? "";
        if (!_scripts.TryGetValue(id, out var script)) return;
        if (item.WorkflowRequest is { } turn && script.Take(turn) is { } answer)
        {
            (answer.InstanceId, answer.CompletionToken) = (id, item.CompletionToken);
            await Service.CompleteOrchestratorTaskAsync(answer);
        }
        else if (item.ActivityRequest is { } activity && script.Take(activity) is { } done)
        {
            (done.InstanceId, done.TaskId, done.CompletionToken) = (id, activity.TaskId, item.CompletionToken);
            await Service.CompleteActivityTaskAsync(done);
        }
    }

    /// <summary>What one instance was sent so far.</summary>
    public sealed class Script(Func<WorkflowRequest, WorkflowResponse?> turn, Func<ActivityRequest, ActivityResponse?> activity)
    {
        private readonly ConcurrentQueue<WorkflowRequest> _turns = [];
        private readonly ConcurrentQueue<ActivityRequest> _activities = [];

        public async Task<IReadOnlyList<WorkflowRequest>> Turns(int count)
        {
            await Eventually.Become(
                () => _turns.Count, n => n >= count, TimeSpan.FromSeconds(20), $"turn {count}", TestContext.Current.CancellationToken);
            return [.. _turns];
        }

        public async Task<IReadOnlyList<ActivityRequest>> Activities(int count)
        {
            await Eventually.Become(
                () => _activities.Count, n => n >= count, TimeSpan.FromSeconds(20), $"activity {count}",
                TestContext.Current.CancellationToken);
            return [.. _activities];
        }

        public WorkflowResponse? Take(WorkflowRequest request)
        {
            _turns.Enqueue(request);
            return turn(request);
        }

        public ActivityResponse? Take(ActivityRequest request)
        {
            _activities.Enqueue(request);
            return activity(request);
        }
    }
}
