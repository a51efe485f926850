using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Lease;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent.Orders;

/// <summary>Accepts or refuses orders, in milliseconds: an accepted one is written into the book, and the keeper carries it out.</summary>
internal sealed partial class OrderDesk(
    Fence fence, EndedInstances ended, InstanceBook book, InstanceKeeper keeper, Reporter reporter, IMachine machine,
    EngineCondition engine, LeaseHolder lease, WorkerAgentOptions options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<OrderDesk> log)
{
    private readonly WorkerPolicy policy = options.Policy;

    public Task<OrderAnswer> Run(RunInstance order, CancellationToken cancel) => Take(order, Begin, cancel);

    public Task<OrderAnswer> Prepare(PrepareInstance order, CancellationToken cancel) => Take(order, MakeReady, cancel);

    public Task<OrderAnswer> Stop(StopInstance order, CancellationToken cancel) => Take(order, End, cancel);

    public Task<OrderAnswer> Forget(ForgetInstance order, CancellationToken cancel) => Take(order, LetGo, cancel);

    private async Task<OrderAnswer> Take<T>(T order, Func<T, OrderAnswer> write, CancellationToken cancel) where T : Order
    {
        var answer = Admission.OfOrder(order, Now(order)) ?? OfLinks(order) ?? await WriteIfCurrent(order, write, cancel);
        if (order is RunInstance or PrepareInstance && answer.Refusal is not (null or Refusal.StaleEpoch)) answer = Renounce(order, answer);
        if (answer.Accepted) LogAccepted(order.GetType().Name, order.Instance, order.Epoch, order.Reason);
        else LogRefused(order.GetType().Name, order.Instance, order.Epoch, answer.Reason);
        return answer;
    }

    /// <summary>Looked at before anything stands still, for the disk of a folder may hang.</summary>
    private OrderAnswer? OfLinks(Order order) =>
        options.EngineIsHere && ((order as RunInstance)?.Container ?? (order as PrepareInstance)?.Container) is { } container
            ? Admission.OfLinks(container, policy, RealPath.Of)
            : null;

    /// <summary>Writing and a higher epoch exclude each other: what the higher one has ended, the lower one cannot begin again.</summary>
    private async Task<OrderAnswer> WriteIfCurrent<T>(T order, Func<T, OrderAnswer> write, CancellationToken cancel) where T : Order
    {
        try
        {
            return await fence.Pass(order.Service, order.Epoch, cancel)
                && fence.WhileCurrent(order.Service, order.Epoch, () => write(order)) is { } answer
                ? answer
                : Admission.Stale(order, fence.Known(order.Service));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Admission.Refuse(Refusal.Unavailable, $"the worker cannot write down the epoch: {e.Message}");
        }
    }

    private OrderAnswer Begin(RunInstance order)
    {
        if (book.Find(order.Instance) is { } known) return known.Intent == Intent.Prepare ? Go(known, order) : IsThere(order);
        return Add(Instance.Ordered(order), order);
    }

    private OrderAnswer MakeReady(PrepareInstance order) =>
        book.Find(order.Instance) is not null ? IsThere(order) : Add(Instance.Ordered(order), order);

    private OrderAnswer IsThere(Order order)
    {
        reporter.Tell(order.Service, order.Instance);
        return OrderAnswer.Ok;
    }

    /// <summary>What was made ready starts, if its room is still there.</summary>
    private OrderAnswer Go(Instance known, RunInstance order)
    {
        var wanted = known.Run(order.Epoch);
        var refusal = book.ChangeUnless(
            order.Instance, others => Admission.OfInstance(wanted, others, Now(order)), i => i.Run(order.Epoch));
        if (refusal is not null) return refusal;
        keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }

    private OrderAnswer Add(Instance wanted, Order order)
    {
        // Judged while the book stands still: when the lease runs out after that, the instance is found in it and stopped.
        if (book.AddUnless(wanted, present => Admission.OfInstance(wanted, present, Now(order))) is { } refusal) return refusal;
        keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }

    /// <summary>
    /// A refusal is for good: whoever hears it gives the slot to another instance, so the same order, late or sent twice, may not begin
    /// this one afterwards. Unless another copy of the order has begun it already.
    /// </summary>
    private OrderAnswer Renounce(Order order, OrderAnswer refusal) =>
        book.Find(order.Instance) is { Intent: Intent.Prepare } ? refusal
        : book.WhileAbsent(order.Instance, () => ended.Add(order.Instance, order.Epoch)) ? refusal : OrderAnswer.Ok;

    private OrderAnswer End(StopInstance order)
    {
        var serveUntil = clock.GetTimestamp() + (long)(order.Delay.TotalSeconds * clock.TimestampFrequency);
        if (book.Change(order.Instance, i => i.Stop(order.Reason, order.Grace, serveUntil)) is null)
            ended.Add(order.Instance, order.Epoch);
        reporter.Tell(order.Service, order.Instance);
        keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }

    private OrderAnswer LetGo(ForgetInstance order)
    {
        var instance = book.Change(order.Instance, i => i.Live ? i : i.Forget(order.Withdrawn));
        if (Admission.OfForgetting(instance) is { } refusal) return refusal;
        ended.Add(order.Instance, order.Epoch);
        if (instance is null) reporter.Tell(order.Service, order.Instance);
        else keeper.Wake(order.Instance);
        return OrderAnswer.Ok;
    }

    private Circumstances Now(Order order) => new()
    {
        ShuttingDown = lifetime.ApplicationStopping.IsCancellationRequested,
        EngineKnown = engine.Known,
        EngineProblem = engine.Problem,
        LeaseHolds = lease.Holds,
        OrdersSince = lease.OrdersSince,
        Heard = (order as RunInstance)?.Heard,
        KnownEpoch = fence.Known(order.Service),
        EndedHere = ended.Has(order.Instance, order.Epoch),
        Capacity = machine.Capacity,
        Policy = policy,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Order} {Instance} accepted (epoch {Epoch}): {Reason}")]
    private partial void LogAccepted(string order, string instance, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Order} {Instance} refused (epoch {Epoch}): {Reason}")]
    private partial void LogRefused(string order, string instance, long epoch, string reason);
}
