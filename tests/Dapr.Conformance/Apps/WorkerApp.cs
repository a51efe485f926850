using Conformance.World;
using Dapr.Workflow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conformance.Apps;

/// <summary>An application that runs the workflows of <see cref="TestWorkflows"/> and does nothing else.</summary>
public static class WorkerApp
{
    public static WebApplication Build(Replica replica) => Build(replica, isHealthy: () => true);

    public static WebApplication Build(Replica replica, Func<bool> isHealthy)
    {
        var builder = Hosting.Builder(replica);
        builder.Services.AddDaprWorkflow(workflows => TestWorkflows.Register(workflows, replica));
        var app = builder.Build();
        app.MapGet("/healthz", () => isHealthy() ? Results.Ok() : Results.StatusCode(503));
        return app;
    }
}
