using Dapr.Workflow;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Workflows.Schedules;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ControlPlane.Workflows;

/// <summary>What spans services or takes hours is a workflow: every master takes part in carrying them out.</summary>
internal static class WorkflowServices
{
    public static IServiceCollection AddWorkflows(this IServiceCollection services)
    {
        services.AddDaprWorkflow(workflows =>
        {
            workflows.RegisterWorkflow<FollowSchedule>();
            workflows.RegisterActivity<AskSchedule>();
            workflows.RegisterActivity<BeginDueRun>();
        });
        services.AddSingleton<IDaprWorkflowClient>(s => s.GetRequiredService<DaprWorkflowClient>());
        services.AddSingleton<IJobCalls, JobCalls>().AddSingleton<IFollowers, Followers>();
        return services.AddLoop<SchedulePost>().AddSingleton<ISchedules>(s => s.GetRequiredService<SchedulePost>());
    }
}
