using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Api;

/// <summary>The real program in memory, with engine and control plane replaced.</summary>
internal sealed class AgentOverHttp(string? appToken = null) : WebApplicationFactory<Program>
{
    private readonly TemporaryFolder folder = new();

    public FakeEngine Engine { get; } = new(TimeProvider.System);

    public FakeControlPlane Control { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production").UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("APP_ID", "worker-a").UseSetting("APP_PORT", "1").UseSetting("DATA_FOLDER", folder.Path);
        if (appToken is not null) builder.UseSetting("APP_API_TOKEN", appToken);
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IContainerEngine>(Engine));
            services.Replace(ServiceDescriptor.Singleton<IControlPlane>(Control));
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) folder.Dispose();
    }
}
