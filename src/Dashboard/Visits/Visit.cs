using System.Net.Http;
using Orchestrator.Client;

namespace Orchestrator.Dashboard.Visits;

/// <summary>Somebody has the page open: who it is, and the way to the API with that visitor's token.</summary>
public sealed class Visit(DashboardOptions options, KnownMasters masters) : IDisposable
{
    private readonly List<OrchestratorClient> clients = [];
    private string? token;
    private OrchestratorClient? client;

    /// <summary>None before somebody has come in.</summary>
    public Visitor? Visitor { get; private set; }

    /// <summary>The own master is asked first, the others when it does not answer.</summary>
    /// <exception cref="InvalidOperationException">Nobody has come in.</exception>
    public OrchestratorClient Client => client ?? throw new InvalidOperationException("nobody has come in yet");

    public bool MayChangeServices => Visitor is { MayChangeServices: true };

    public bool MayChangeCluster => Visitor is { MayChangeCluster: true };

    /// <summary>False for a token that nobody has, and for none where one is needed.</summary>
    public bool Enter(string? shown)
    {
        Visitor = options.Recognize(shown);
        if (Visitor is null) return false;
        token = shown;
        Renew();
        return true;
    }

    /// <summary>Masters have come or gone: who asks from now on knows it.</summary>
    public void Renew()
    {
        client = new(new OrchestratorClientOptions
        {
            Servers = [options.Api, .. masters.Others], Token = token, Handler = masters.Connections, Patience = TimeSpan.FromSeconds(10),
        });
        // Whoever still listens by an older one goes on doing so.
        clients.Add(client);
    }

    public void Dispose()
    {
        foreach (var it in clients) it.Dispose();
    }
}
