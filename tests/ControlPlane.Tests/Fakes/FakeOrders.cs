using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Writes down what was to be sent: <c>orders run web-1-r1-a1 on a, epoch 1</c>.</summary>
internal sealed class FakeOrders(List<string> journal) : IOrders
{
    public void Send(IEnumerable<(string Worker, Order Order)> orders) =>
        journal.AddRange(orders.Select(sent => $"orders {Words(sent.Order)} on {sent.Worker}, epoch {sent.Order.Epoch}"));

    public static string Words(Order order) => order switch
    {
        RunInstance => $"run {order.Instance}",
        PrepareInstance => $"prepare {order.Instance}",
        StopInstance => $"stop {order.Instance}",
        _ => $"forget {order.Instance}",
    };
}
