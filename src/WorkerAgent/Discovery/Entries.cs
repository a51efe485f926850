using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Discovery;

/// <summary>Which entries should stand in the catalog. Pure.</summary>
internal static class Entries
{
    /// <summary>All entries of all clusters have it.</summary>
    public const string Tag = "orchestrator";

    public const string Cluster = "orchestrator_cluster";
    private const string Worker = "orchestrator_worker";

    /// <summary>What all entries of one worker have in common.</summary>
    public static ValueMap MetaOf(WorkerAgentOptions options) => ValueMap.Of((Cluster, options.Cluster), (Worker, options.Name));

    /// <summary>
    /// Every published port of every instance that can be used: it runs, is healthy and ready, and nobody wants it to end.
    /// </summary>
    public static IEnumerable<CatalogEntry> Of(IEnumerable<Instance> instances, WorkerAgentOptions options) => instances
        .Where(i => i is
        {
            Phase: Phase.Running, Intent: Intent.Run, Observed.Health: InstanceHealth.None or InstanceHealth.Healthy,
            Observed.Readiness: null or InstanceHealth.None or InstanceHealth.Healthy,
        })
        .SelectMany(i => i.Observed.Ports.Select(port => Of(i, port, options)));

    private static CatalogEntry Of(Instance instance, PublishedPort port, WorkerAgentOptions options)
    {
        var name = instance.Name;
        var container = port.Protocol == PortProtocol.Udp ? $"{port.Container}-udp" : $"{port.Container}";
        return new(
            $"{options.Name}:{name}:{container}{Where(instance, port)}",
            name.Service,
            port.Address,
            port.Host,
            [Tag, $"port-{container}", $"revision-{name.Revision}", .. NameOf(instance, port)],
            ValueMap.Of(
                (Cluster, options.Cluster), (Worker, options.Name), ("service", name.Service), ("instance", name.ToString()),
                ("slot", Text(name.Slot)), ("port", PortOf(instance, port) ?? container), ("revision", Text(name.Revision)),
                ("epoch", instance.Epoch.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>A port that is published more than once has an entry each time.</summary>
    private static string Where(Instance instance, PublishedPort port) =>
        instance.Observed.Ports.Count(other => other.Container == port.Container && other.Protocol == port.Protocol) > 1
            ? $"@{port.Address}:{Text(port.Host)}" : "";

    private static string[] NameOf(Instance instance, PublishedPort port) => PortOf(instance, port) is { } name ? [$"port-{name}"] : [];

    private static string? PortOf(Instance instance, PublishedPort port) =>
        instance.Footprint.PortNames[new HostPort(port.Container, port.Protocol).ToString()];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
