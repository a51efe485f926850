using Orchestrator.Client.Backups;
using Orchestrator.Client.Content;
using Orchestrator.Client.Events;
using Orchestrator.Client.Looking;
using Orchestrator.Client.Members;
using Orchestrator.Client.Problems;
using Orchestrator.Client.Services;
using Orchestrator.Client.Stacks;
using Orchestrator.Client.Wire;

namespace Orchestrator.Client;

/// <summary>
/// The REST API of a cluster. Whatever goes wrong is a <see cref="ProblemException"/>, when a master says so, or a
/// <see cref="NoMasterException"/>, when none answers.
/// </summary>
public sealed class OrchestratorClient : IDisposable
{
    private readonly Road road;

    public OrchestratorClient(OrchestratorClientOptions options)
    {
        if (options.Servers.Count == 0) throw new ArgumentException("at least one server is needed", nameof(options));
        road = new Road(options);
        Services = new(road);
        Stacks = new(road);
        Instances = new(road);
        Members = new(road);
        Workers = new(road);
        Maintenance = new(road);
        Events = new(road);
        Secrets = new(road);
        Configs = new(road);
        Registries = new(road);
        Volumes = new(road);
        Backups = new(road);
    }

    /// <param name="servers">One address or several with commas between them.</param>
    /// <param name="token">None where the API wants none.</param>
    public OrchestratorClient(string servers, string? token = null)
        : this(new OrchestratorClientOptions { Servers = OrchestratorClientOptions.ServersIn(servers), Token = token })
    {
    }

    public ServicesApi Services { get; }

    public StacksApi Stacks { get; }

    public InstancesApi Instances { get; }

    public MembersApi Members { get; }

    public WorkersApi Workers { get; }

    public MaintenanceApi Maintenance { get; }

    public EventsApi Events { get; }

    public SecretsApi Secrets { get; }

    public ConfigsApi Configs { get; }

    public RegistriesApi Registries { get; }

    public VolumesApi Volumes { get; }

    public BackupsApi Backups { get; }

    /// <summary>The master that is asked next: the one that answered last, or the first.</summary>
    public Uri Server => road.Server;

    public void Dispose() => road.Dispose();
}
