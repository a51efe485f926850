using System.Threading.Channels;
using Dapr.DurableTask.Protobuf;
using Dapr.Workflow;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>
/// A sidecar that has one workflow carried out turn by turn, with the past that it gives it. There is nothing on the wire.
/// </summary>
internal sealed class TurnByTurn : CallInvoker, IAsyncDisposable
{
    private readonly Channel<WorkItem> items = Channel.CreateUnbounded<WorkItem>();
    private readonly Channel<WorkflowResponse> answers = Channel.CreateUnbounded<WorkflowResponse>();
    private readonly IHost host;

    private TurnByTurn(Action<WorkflowRuntimeOptions> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddDaprWorkflow(register);
        builder.Services.AddSingleton(new TaskHubSidecarService.TaskHubSidecarServiceClient(this));
        host = builder.Build();
    }

    public static async Task<TurnByTurn> Start(Action<WorkflowRuntimeOptions> register, CancellationToken cancel)
    {
        var turns = new TurnByTurn(register);
        await turns.host.StartAsync(cancel);
        return turns;
    }

    /// <summary>What the workflow answers to what is new after its past.</summary>
    public async Task<WorkflowResponse> Answer(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> news, CancellationToken cancel)
    {
        items.Writer.TryWrite(new WorkItem
        {
            WorkflowRequest = new() { InstanceId = "it", ExecutionId = "the first", PastEvents = { past }, NewEvents = { news } },
        });
        return await answers.Reader.ReadAsync(cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        IMessage answer = new Empty();
        if (request is WorkflowResponse turn)
        {
            answers.Writer.TryWrite(turn);
            answer = new CompleteTaskResponse();
        }

        return new(
            Task.FromResult((TResponse)answer), Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess, () => Metadata.Empty,
            () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
        (IAsyncStreamReader<TResponse>)(object)new Stream(items.Reader), Task.FromResult(Metadata.Empty), () => Status.DefaultSuccess,
        () => Metadata.Empty, () => { });

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Stream(ChannelReader<WorkItem> items) : IAsyncStreamReader<WorkItem>
    {
        public WorkItem Current { get; private set; } = new();

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await items.WaitToReadAsync(cancellationToken)) return false;
            Current = await items.ReadAsync(cancellationToken);
            return true;
        }
    }
}
