using Dapr.Workflow;
using Grpc.Core;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Maintenance;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Workflows.Maintenance;

/// <summary>
/// Begins the workflow of maintenance, or has it look again; and sees to it now and then that one runs while there is something to do.
/// </summary>
internal sealed partial class MaintenanceWork(
    IDaprWorkflowClient workflows, MaintenanceStore store, TimeProvider clock, Func<double> dice, ILogger<MaintenanceWork> log)
    : IMaintenanceWork, ILoop, IDisposable
{
    /// <summary>It costs a look at one record.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly Bell asked = new(clock);

    public void Begin() => asked.Ring();

    public async Task Run(CancellationToken stopping)
    {
        // One that was told when it was at its end has to be begun: soon after it was told, that is seen.
        var wasTold = false;
        while (true)
        {
            var isAsked = await asked.Wait(wasTold ? WorkflowStarts.LastMoment : Every * (0.75 + (dice() / 2)), stopping);
            var news = isAsked || !wasTold ? MaintainWorkers.News : null;
            wasTold = false;
            try
            {
                if (!(await store.Current()).GoesOn()) continue;
                using var late = new CancellationTokenSource(WorkflowStarts.Deadline, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
                var ran = await workflows.Look(nameof(MaintainWorkers), MaintainWorkers.Id, "", news, begins: true, either.Token);
                wasTold = ran && news is not null;
            }
            catch (Exception e) when (e is RpcException or StoreTroubleException or UnreadableRecordException
                || (e is OperationCanceledException && !stopping.IsCancellationRequested))
            {
                LogLater(e.Message);
            }
        }
    }

    public void Dispose() => asked.Dispose();

    [LoggerMessage(LogLevel.Warning, "Maintenance cannot be carried on now, it is tried again: {Error}")]
    private partial void LogLater(string error);
}
