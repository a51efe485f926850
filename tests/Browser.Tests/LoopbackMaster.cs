using Orchestrator.ControlPlane.Tests.Api;
using Orchestrator.Testing;

namespace Orchestrator.Browser.Tests;

/// <summary>The master of the API's conversations, at a port that a browser reaches.</summary>
public sealed class LoopbackMaster : IDisposable
{
    private readonly ControlPlaneOverHttp master;

    public LoopbackMaster()
    {
        var ports = FreePorts.Find(2);
        Url = new Uri($"http://localhost:{ports[0]}");
        master = new(("API_PORT", $"{ports[0]}"), ("APP_PORT", $"{ports[1]}"));
        master.UseKestrel();
        master.StartServer();
    }

    public Uri Url { get; }

    public void Dispose() => master.Dispose();
}
