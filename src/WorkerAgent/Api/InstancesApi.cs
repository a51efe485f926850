using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Orders;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>Orders of ServiceMasters, which arrive by service invocation.</summary>
internal static class InstancesApi
{
    public static void MapInstances(this IEndpointRouteBuilder app)
    {
        app.MapPost(WorkerMethods.Run, (RunInstance order, OrderDesk desk, CancellationToken cancel) => desk.Run(order, cancel));
        app.MapPost(
            WorkerMethods.Prepare, (PrepareInstance order, OrderDesk desk, CancellationToken cancel) => desk.Prepare(order, cancel));
        app.MapPost(WorkerMethods.Stop, (StopInstance order, OrderDesk desk, CancellationToken cancel) => desk.Stop(order, cancel));
        app.MapPost(WorkerMethods.Forget, (ForgetInstance order, OrderDesk desk, CancellationToken cancel) => desk.Forget(order, cancel));
        app.MapGet("instances", (InstanceBook book) => book.All().Select(i => i.Observed).OrderBy(o => o.Instance, StringComparer.Ordinal));
    }
}
