using System.Net.Http.Json;
using System.Text.Json;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Orders travel by service invocation: the app id is the worker's name.</summary>
internal sealed class OrderTransport(HttpClient workers, TimeProvider clock) : IOrderTransport, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    public OrderTransport(DaprClient dapr, TimeProvider clock)
        : this(dapr.CreateInvokableHttpClient(), clock)
    {
    }

    public async Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel)
    {
        try
        {
            return await calls.Run(within => Post(worker, order, within), cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or JsonException && !cancel.IsCancellationRequested)
        {
            throw new NoAnswerException(worker, e);
        }
    }

    public void Dispose() => workers.Dispose();

    private async Task<OrderAnswer> Post(string worker, Order order, CancellationToken cancel)
    {
        using var body = JsonContent.Create(order, order.GetType(), options: ContractsJson.Options);
        await body.LoadIntoBufferAsync(cancel); // a streamed body would not be retried by the sidecar
        using var response = await workers.PostAsync(new Uri($"http://{worker}/{MethodOf(order)}"), body, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<OrderAnswer>(ContractsJson.Options, cancel)
            ?? throw new HttpRequestException("it answered without a body");
    }

    private static string MethodOf(Order order) => order switch
    {
        RunInstance => WorkerMethods.Run,
        PrepareInstance => WorkerMethods.Prepare,
        StopInstance => WorkerMethods.Stop,
        ForgetInstance => WorkerMethods.Forget,
        _ => throw new NotSupportedException($"{order.GetType().Name} is no known order"),
    };
}
