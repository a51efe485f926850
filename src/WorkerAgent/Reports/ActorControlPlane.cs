using Dapr.Actors;
using Dapr.Actors.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>The control plane's actors through the sidecar.</summary>
internal sealed class ActorControlPlane(IActorProxyFactory actors, TimeProvider clock) : IControlPlane
{
    /// <summary>Longer than a turn ever takes; while an actor moves, calls may hang.</summary>
    private static readonly TimeSpan ReportDeadline = TimeSpan.FromSeconds(3);

    private readonly IMemberRegistry registry = actors.CreateActorProxy<IMemberRegistry>(
        new ActorId(DaprNames.FirstShard), DaprNames.MemberRegistry);

    public Task Report(ServiceReport report, CancellationToken cancel) =>
        Master(report.Service).Report(report).WaitAsync(ReportDeadline, clock, cancel);

    public Task<ContentsAnswer> Contents(string service, ContentsQuestion question, CancellationToken cancel) =>
        Master(service).Contents(question).WaitAsync(ReportDeadline, clock, cancel);

    public Task<CredentialsAnswer> Credentials(string service, CredentialsQuestion question, CancellationToken cancel) =>
        Master(service).Credentials(question).WaitAsync(ReportDeadline, clock, cancel);

    public Task<ValueList<string>> NeededImages(string service, string worker, CancellationToken cancel) =>
        Master(service).NeededImages(worker).WaitAsync(ReportDeadline, clock, cancel);

    public Task<LeaseAnswer> Renew(WorkerReport report, CancellationToken cancel) => registry.Renew(report).WaitAsync(cancel);

    private IServiceMaster Master(string service) =>
        actors.CreateActorProxy<IServiceMaster>(new ActorId(service), DaprNames.ServiceMaster);

    /// <summary>
    /// The factory reads the sidecar's address from the same configuration as the rest, not only from the process's environment.
    /// </summary>
    public static IActorProxyFactory Factory(IConfiguration configuration) => new LightProxies(new ActorProxyFactory(new ActorProxyOptions
    {
        UseJsonSerialization = true,
        JsonSerializerOptions = ContractsJson.Options,
        HttpEndpoint = configuration["DAPR_HTTP_ENDPOINT"] ?? $"http://localhost:{configuration["DAPR_HTTP_PORT"] ?? "3500"}",
        DaprApiToken = configuration["DAPR_API_TOKEN"],
        RequestTimeout = ReportDeadline,
    }));
}
