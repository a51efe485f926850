using System.Collections.Concurrent;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Sends orders to workers outside the turn that decided them. An order that got no answer is simply due again; a refusal goes back to the
/// service's keeper. The same order is not sent twice within the pause, however many turns repeat it.
/// </summary>
/// <param name="stopping">Cancelled when the master ends.</param>
internal sealed partial class OrderSender(
    IOrderTransport workers, IServiceCalls services, IAlarm alarm, ControlPlaneOptions options, TimeProvider clock, ILogger<OrderSender> log, CancellationToken stopping)
    : IOrders, IDisposable
{
    private const int AtATime = 64;

    private readonly SemaphoreSlim lanes = new(AtATime, AtATime);
    private readonly ConcurrentDictionary<(string Instance, Type Kind, long Epoch), DateTimeOffset> sent = new();

    public void Send(IEnumerable<(string Worker, Order Order)> orders)
    {
        foreach (var (worker, order) in orders)
        {
            var now = clock.GetUtcNow();
            var key = (order.Instance, order.GetType(), order.Epoch);
            if (sent.TryGetValue(key, out var at) && now - at < options.RepeatOrdersAfter) continue;
            sent[key] = now;
            _ = Carry(worker, order);
        }

        ForgetOld();
    }

    public void Dispose() => lanes.Dispose();

    private async Task Carry(string worker, Order order)
    {
        try
        {
            await lanes.WaitAsync(stopping);
            try
            {
                var answer = await workers.Ask(worker, order, stopping);
                if (answer.Accepted) return;
                LogRefused(worker, order.GetType().Name, order.Instance, answer.Reason);
                await services.Refused(order.Service, new OrderRefused(order.Instance, worker, answer), stopping);
            }
            finally
            {
                lanes.Release();
            }
        }
        catch (Exception e)
        {
            if (stopping.IsCancellationRequested) return;
            if (e is NoAnswerException) LogUnanswered(worker, order.GetType().Name, order.Instance, e.Message);
            else LogDefect(worker, order.GetType().Name, order.Instance, e);
            sent.TryRemove((order.Instance, order.GetType(), order.Epoch), out _);
            alarm.NoLaterThan(order.Service, clock.GetUtcNow() + options.RepeatOrdersAfter);
        }
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

    [LoggerMessage(LogLevel.Error, "{Order} {Instance} to {Worker} failed in a way that nobody expected; it is sent again")]
    private partial void LogDefect(string worker, string order, string instance, Exception e);
}
