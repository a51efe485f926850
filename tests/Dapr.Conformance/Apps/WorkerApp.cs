using Conformance.World;
using Dapr.Workflow;
using Microsoft.AspNetCore.Builder;

namespace Conformance.Apps;

/// <summary>An application that runs the workflows of <see cref="TestWorkflows"/> and does nothing else.</summary>
public static class WorkerApp
{
    public static WebApplication Build(Replica replica)
    {
        var builder = Hosting.Builder(replica);
        builder.Services.AddDaprWorkflow(workflows => TestWorkflows.Register(workflows, replica));
        return builder.Build();
    }
}
