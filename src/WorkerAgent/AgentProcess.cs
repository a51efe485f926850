using System.ComponentModel.DataAnnotations;
using Orchestrator.ServiceDefaults;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Security;
using Orchestrator.WorkerAgent.Api;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;

namespace Orchestrator.WorkerAgent;

/// <summary>The agent as a web application behind its sidecar.</summary>
internal static class AgentProcess
{
    /// <summary>Runs until it is told to stop; answers the exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);

        WebApplication app;
        try
        {
            var options = WorkerAgentOptions.Read(builder.Configuration);
            builder.AddServiceDefaults("worker-agent", options.Name);
            // Only the sidecar beside it calls the agent.
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(options.Port));
            // Before the rest, so that it goes on until all the rest has stopped.
            builder.Services.AddLoop<GuardKeeper>();
            builder.Services.AddWorkerAgent(options, builder.Configuration);
            app = builder.Build();
            // What cannot be read is said now and in a sentence.
            app.Services.GetRequiredService<DataFolder>();
            app.Services.GetRequiredService<Fence>();
            app.Services.GetRequiredService<Sequence>();
        }
        catch (Exception e) when (e is ValidationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }

        app.UseAppToken();
        app.UseCloudEvents();
        app.MapServiceDefaults();
        app.MapSubscribeHandler();
        app.MapInstances();
        app.MapImages();
        app.MapLogs();
        app.MapVolumes();
        app.MapLooking();
        app.MapExec();
        app.MapAnnouncements();

        await app.RunAsync();
        return 0;
    }
}
