using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Lease;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Orders;

/// <summary>Accepts or refuses orders, in milliseconds: an accepted one is written into the book, and the keeper carries it out.</summary>
internal sealed partial class OrderDesk(
    Fence fence, EndedInstances ended, InstanceBook book, InstanceKeeper keeper, Reporter reporter, IMachine machine, EngineCondition engine, LeaseHolder lease,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OrderDesk> log)
{
    public Task<OrderAnswer> Run(RunInstance order, CancellationToken cancel) => Take(order, name =>
    {
        if (book.Find(order.Instance) is not null)
        {
            reporter.Tell(order.Service, order.Instance);
            return OrderAnswer.Ok;
        }

        if (ended.Has(order.Instance, order.Epoch)) return Admission.Refuse(Refusal.Impossible, $"{order.Instance} has been ended here, and this order came late");
        var instance = Instance.Ordered(name, order);
        if (engine.Problem is { } problem) return Admission.Refuse(Refusal.Unavailable, problem);
        if (instance.Footprint.OnLeaseLost == LeaseLoss.Stop && !lease.Holds)
            return Admission.Refuse(Refusal.Unavailable, "the worker holds no lease, so it could not keep the promise of at most one");
        if (book.AddUnless(instance, present => Admission.Check(instance, present, machine.Capacity)) is { } refusal) return refusal;
        keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }, cancel);

    public Task<OrderAnswer> Stop(StopInstance order, CancellationToken cancel) => Take(order, _ =>
    {
        if (book.Change(order.Instance, i => i.Stop(order.Reason, order.Grace, clock.GetUtcNow() + order.Delay)) is null) ended.Add(order.Instance, order.Epoch);
        reporter.Tell(order.Service, order.Instance);
        keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }, cancel);

    public Task<OrderAnswer> Forget(ForgetInstance order, CancellationToken cancel) => Take(order, _ =>
    {
        var instance = book.Change(order.Instance, i => i.Live ? i : i.Forget());
        if (instance is { Live: true })
            return Admission.Refuse(Refusal.Impossible, $"{order.Instance} is alive ({instance.Phase}); it must be stopped first");
        ended.Add(order.Instance, order.Epoch);
        if (instance is null) reporter.Tell(order.Service, order.Instance);
        else keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }, cancel);

    private async Task<OrderAnswer> Take(Order order, Func<InstanceName, OrderAnswer> accept, CancellationToken cancel)
    {
        var answer = await Judge(order, accept, cancel);
        if (answer.Accepted) LogAccepted(order.GetType().Name, order.Instance, order.Epoch, order.Reason);
        else LogRefused(order.GetType().Name, order.Instance, order.Epoch, answer.Reason);
        return answer;
    }

    private async Task<OrderAnswer> Judge(Order order, Func<InstanceName, OrderAnswer> accept, CancellationToken cancel)
    {
        if (!InstanceName.TryParse(order.Instance, out var name) || name.Service != order.Service)
            return Admission.Refuse(Refusal.Impossible, $"'{order.Instance}' is not the name of an instance of service '{order.Service}'");
        if (lifetime.ApplicationStopping.IsCancellationRequested) return Admission.Refuse(Refusal.Unavailable, "the worker is shutting down");
        if (!engine.Known)
            return Admission.Refuse(Refusal.Unavailable, $"the worker has not seen its containers yet: {engine.Problem ?? "it has just started"}");
        try
        {
            // Accepting and a higher epoch exclude each other: what the higher one has ended, the lower one cannot begin again.
            if (await fence.Pass(order.Service, order.Epoch, cancel) && fence.WhileCurrent(order.Service, order.Epoch, () => accept(name)) is { } answer)
                return answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Admission.Refuse(Refusal.Unavailable, $"the worker cannot write down the epoch: {e.Message}");
        }

        var known = fence.Known(order.Service);
        return Admission.Refuse(Refusal.StaleEpoch, $"epoch {order.Epoch} is below {known}: another ServiceMaster is in charge") with { KnownEpoch = known };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Order} {Instance} accepted (epoch {Epoch}): {Reason}")]
    private partial void LogAccepted(string order, string instance, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Order} {Instance} refused (epoch {Epoch}): {Reason}")]
    private partial void LogRefused(string order, string instance, long epoch, string reason);
}
