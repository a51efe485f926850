using System.Collections.Concurrent;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Workers that accept every order, unless told to answer otherwise.</summary>
internal sealed class FakeOrderTransport : IOrderTransport
{
    private readonly ConcurrentQueue<(string Worker, Order Order)> asked = new();

    public IReadOnlyCollection<(string Worker, Order Order)> Orders => asked;

    /// <summary><c>run web-1-r1-a1 on a</c>, in the order of asking.</summary>
    public IEnumerable<string> Asked => asked.Select(it => $"{FakeOrders.Words(it.Order)} on {it.Worker}");

    public Func<Order, Task<OrderAnswer>> Answer { get; set; } = _ => Task.FromResult(OrderAnswer.Ok);

    public Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel)
    {
        asked.Enqueue((worker, order));
        return Answer(order).WaitAsync(cancel);
    }
}
