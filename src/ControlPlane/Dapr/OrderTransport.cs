using System.Text.Json;
using Dapr.Client;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Orders, and questions whose answer comes as a whole.</summary>
internal sealed class OrderTransport(HttpClient workers, TimeProvider clock) : IOrderTransport, IImageTransport, IVolumeTransport,
    IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <summary>A worker asks a registry meanwhile.</summary>
    private static readonly TimeSpan ImageDeadline = TimeSpan.FromSeconds(8);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);
    private readonly PatientCalls questions = PatientCalls.Within(ImageDeadline, clock);

    public OrderTransport(DaprClient dapr, TimeProvider clock)
        : this(dapr.CreateInvokableHttpClient(), clock)
    {
    }

    public Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel) =>
        Ask<OrderAnswer>(calls, worker, MethodOf(order), order, cancel);

    public Task<ImageAnswer> Ask(string worker, ImageQuestion question, CancellationToken cancel) =>
        Ask<ImageAnswer>(questions, worker, WorkerMethods.FindImage, question, cancel);

    public Task<WorkerVolumes> Volumes(string worker, CancellationToken cancel) =>
        Ask<WorkerVolumes>(questions, worker, WorkerMethods.ListVolumes, new { }, cancel);

    public Task<VolumeRemoved> Remove(string worker, VolumeRemoval removal, CancellationToken cancel) =>
        Ask<VolumeRemoved>(questions, worker, WorkerMethods.RemoveVolume, removal, cancel);

    private async Task<T> Ask<T>(PatientCalls patience, string worker, string method, object body, CancellationToken cancel)
    {
        try
        {
            return await patience.Run(within => Post<T>(worker, method, body, within), cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or JsonException && !cancel.IsCancellationRequested)
        {
            throw new NoAnswerException(worker, e);
        }
    }

    public void Dispose() => workers.Dispose();

    private async Task<T> Post<T>(string worker, string method, object value, CancellationToken cancel)
    {
        using var response = await workers.Post(worker, method, value, HttpCompletionOption.ResponseContentRead, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Read<T>(cancel);
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
