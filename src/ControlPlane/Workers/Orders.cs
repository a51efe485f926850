using System.Collections.Concurrent;
using System.Net.Http.Json;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Workers;

/// <summary>
/// Carries orders to workers by service invocation, outside the turn that decided them. An order that got no answer is simply due again; a
/// refusal goes back to the ServiceMaster. The same order is not sent twice within the pause, however many turns repeat it.
/// </summary>
internal sealed partial class Orders(
    DaprClient dapr,
    ActorCalls actors,
    LookAgainQueue lookAgain,
    ControlPlaneOptions options,
    TimeProvider clock,
    IHostApplicationLifetime life,
    ILogger<Orders> log) : IDisposable
{
    private const int AtATime = 64;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly HttpClient workers = dapr.CreateInvokableHttpClient();
    private readonly SemaphoreSlim lanes = new(AtATime, AtATime);
    private readonly ConcurrentDictionary<(string Instance, Type Kind), DateTimeOffset> sent = new();

    /// <summary>Sends, in the background, what has not been sent within the pause.</summary>
    public void Send(IEnumerable<(string Worker, Order Order)> orders)
    {
        foreach (var (worker, order) in orders)
        {
            var now = clock.GetUtcNow();
            var key = (order.Instance, order.GetType());
            if (sent.TryGetValue(key, out var at) && now - at < options.RepeatOrdersAfter) continue;
            sent[key] = now;
            _ = Carry(worker, order, life.ApplicationStopping);
        }

        ForgetOld();
    }

    public void Dispose()
    {
        workers.Dispose();
        lanes.Dispose();
    }

    private async Task Carry(string worker, Order order, CancellationToken stopping)
    {
        try
        {
            await lanes.WaitAsync(stopping);
            try
            {
                var answer = await Ask(worker, order, stopping);
                if (answer.Accepted) return;
                LogRefused(worker, order.GetType().Name, order.Instance, answer.Reason);
                await actors.Service(order.Service, master => master.Refused(new OrderRefused(order.Instance, worker, answer)), stopping);
            }
            finally
            {
                lanes.Release();
            }
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or TaskCanceledException or ActorUnavailableException)
        {
            if (stopping.IsCancellationRequested) return;
            LogUnanswered(worker, order.GetType().Name, order.Instance, e.Message);
            sent.TryRemove((order.Instance, order.GetType()), out _);
            lookAgain.NoLaterThan(order.Service, clock.GetUtcNow() + options.RepeatOrdersAfter);
        }
    }

    private async Task<OrderAnswer> Ask(string worker, Order order, CancellationToken stopping)
    {
        var method = order switch
        {
            RunInstance => WorkerMethods.Run,
            StopInstance => WorkerMethods.Stop,
            _ => WorkerMethods.Forget,
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var timer = clock.CreateTimer(_ => deadline.Cancel(), null, Deadline, Timeout.InfiniteTimeSpan);
        using var body = JsonContent.Create(order, order.GetType(), options: ContractsJson.Options);
        await body.LoadIntoBufferAsync(deadline.Token); // a streamed body would not be retried by the sidecar
        using var response = await workers.PostAsync(new Uri($"http://{worker}/{method}"), body, deadline.Token);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<OrderAnswer>(ContractsJson.Options, deadline.Token)
            ?? throw new HttpRequestException("the worker answered without a body");
    }

    /// <summary>Keeps the memory of what was sent no longer than it is of use.</summary>
    private void ForgetOld()
    {
        if (sent.Count < 1024) return;
        var old = clock.GetUtcNow() - options.RepeatOrdersAfter;
        foreach (var (key, at) in sent)
        {
            if (at < old) sent.TryRemove(new(key, at));
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Worker} refused {Order} {Instance}: {Reason}")]
    private partial void LogRefused(string worker, string order, string instance, string reason);

    [LoggerMessage(LogLevel.Warning, "{Worker} gave no answer to {Order} {Instance}, it is sent again: {Error}")]
    private partial void LogUnanswered(string worker, string order, string instance, string error);
}
