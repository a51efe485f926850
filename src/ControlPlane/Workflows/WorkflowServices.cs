using Dapr.Workflow;
using Orchestrator.ControlPlane.Maintenance;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.ControlPlane.Workflows.Maintenance;
using Orchestrator.ControlPlane.Workflows.Schedules;
using Orchestrator.ControlPlane.Workflows.Stacks;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Workflows;

/// <summary>What spans services or takes hours is a workflow: every master takes part in carrying them out.</summary>
internal static class WorkflowServices
{
    public static IServiceCollection AddWorkflows(this IServiceCollection services)
    {
        services.AddDaprWorkflow(Register);
        services.AddSingleton<IDaprWorkflowClient>(s => s.GetRequiredService<DaprWorkflowClient>());
        services.AddSingleton<IJobCalls, JobCalls>().AddSingleton<IFollowers, Followers>();
        services.AddLoop<SchedulePost>().AddSingleton<ISchedules>(s => s.GetRequiredService<SchedulePost>());
        services.AddLoop<MaintenanceWork>().AddSingleton<IMaintenanceWork>(s => s.GetRequiredService<MaintenanceWork>());
        return services.AddSingleton(s => ActivatorUtilities.CreateInstance<StackWork>(
                s, s.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping))
            .AddSingleton<IStackWork>(s => s.GetRequiredService<StackWork>())
            .AddSingleton<IStackNews>(s => s.GetRequiredService<StackWork>());
    }

    /// <summary>All workflows and activities that there are, by the names under which they go on after an upgrade.</summary>
    public static void Register(WorkflowRuntimeOptions workflows)
    {
        workflows.RegisterWorkflow<DeployStack>();
        workflows.RegisterActivity<AdvanceStack>();
        workflows.RegisterActivity<TellService>();
        workflows.RegisterWorkflow<MaintainWorkers>();
        workflows.RegisterActivity<AdvanceMaintenance>();
        workflows.RegisterWorkflow<FollowSchedule>();
        workflows.RegisterActivity<AskSchedule>();
        workflows.RegisterActivity<BeginDueRun>();
    }
}
