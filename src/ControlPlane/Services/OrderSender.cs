using System.Collections.Concurrent;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// Sends orders to workers outside the turn that decided them. An order that got no answer is simply due again; a refusal goes back to the
/// service's keeper. The same order is not sent twice within the pause, however many turns repeat it.
/// </summary>
/// <param name="stopping">Cancelled when the master ends.</param>
internal sealed partial class OrderSender(
    IOrderTransport workers, IServiceCalls services, IRegistryCalls registry, IAlarm alarm, TimeProvider clock, ILogger<OrderSender> log,
    CancellationToken stopping)
    : IOrders
{
    private const int AtATime = 64;

    private readonly Gate lanes = new(AtATime);
    private static readonly TimeSpan NoteAgainAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Worker, string Service), DateTimeOffset> noted = new();
    private readonly ConcurrentDictionary<(string Instance, Type Kind, long Epoch), DateTimeOffset> sent = new();

    public void Send(IEnumerable<(string Worker, Order Order)> orders)
    {
        foreach (var (worker, order) in orders)
        {
            var now = clock.GetUtcNow();
            var key = (order.Instance, order.GetType(), order.Epoch);
            if (sent.TryGetValue(key, out var at) && now - at < StepsDue.RepeatAfter) continue;
            sent[key] = now;
            _ = Carry(worker, order);
        }

        ForgetOld();
    }

    private async Task Carry(string worker, Order order)
    {
        try
        {
            await lanes.Inside(() => Ask(worker, order), stopping);
        }
        catch (Exception e)
        {
            if (stopping.IsCancellationRequested) return;
            if (e is NoAnswerException) LogUnanswered(worker, order.GetType().Name, order.Instance, e.Message);
            else LogDefect(worker, order.GetType().Name, order.Instance, e);
            var now = clock.GetUtcNow();
            sent[(order.Instance, order.GetType(), order.Epoch)] = now;
            alarm.NoLaterThan(order.Service, now + StepsDue.RepeatAfter);
            if (e is NoAnswerException) await SayUnanswered(worker, order, e).Quietly();
        }
    }

    /// <summary>The service says what it waits for. Should it not hear, it is told again when the order fails again.</summary>
    private Task SayUnanswered(string worker, Order order, Exception e)
    {
        var why = new OrderAnswer { Refusal = Refusal.Unanswered, Reason = e.InnerException?.GetBaseException().Message ?? e.Message };
        return Task.WhenAll(
            services.Refused(order.Service, new OrderRefused(order.Instance, worker, why), stopping),
            NoteAtWorker(worker, order.Service, why.Reason));
    }

    /// <summary>Once in a while: many orders to one worker fail for one reason.</summary>
    private Task NoteAtWorker(string worker, string service, string why)
    {
        var now = clock.GetUtcNow();
        if (noted.TryGetValue((worker, service), out var at) && now - at < NoteAgainAfter) return Task.CompletedTask;
        noted[(worker, service)] = now;
        return registry.OrderFailed(worker, service, why, stopping);
    }

    private async Task Ask(string worker, Order order)
    {
        var answer = await workers.Ask(worker, order, stopping);
        if (answer.Accepted) return;
        LogRefused(worker, order.GetType().Name, order.Instance, answer.Reason);
        await services.Refused(order.Service, new OrderRefused(order.Instance, worker, answer), stopping);
    }

    /// <summary>Keeps the memory of what was sent no longer than it is of use.</summary>
    private void ForgetOld()
    {
        Forget(sent, StepsDue.RepeatAfter);
        Forget(noted, NoteAgainAfter);
    }

    private void Forget<TKey>(ConcurrentDictionary<TKey, DateTimeOffset> memory, TimeSpan after) where TKey : notnull
    {
        if (memory.Count < 1024) return;
        var old = clock.GetUtcNow() - after;
        foreach (var (key, at) in memory)
        {
            if (at < old) memory.TryRemove(new(key, at));
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Worker} refused {Order} {Instance}: {Reason}")]
    private partial void LogRefused(string worker, string order, string instance, string reason);

    [LoggerMessage(LogLevel.Warning, "{Worker} gave no answer to {Order} {Instance}, it is sent again: {Error}")]
    private partial void LogUnanswered(string worker, string order, string instance, string error);

    [LoggerMessage(LogLevel.Error, "{Order} {Instance} to {Worker} failed in a way that nobody expected; it is sent again")]
    private partial void LogDefect(string worker, string order, string instance, Exception e);
}
