using System.Globalization;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>How we recognise our own containers after a restart, and what we must still know of them then. Pure.</summary>
internal static class ContainerLabels
{
    public const string Cluster = "orchestrator.cluster";
    public const string Worker = "orchestrator.worker";
    public const string Instance = "orchestrator.instance";
    public const string Service = "orchestrator.service";
    public const string Slot = "orchestrator.slot";
    public const string Revision = "orchestrator.revision";
    public const string Attempt = "orchestrator.attempt";
    public const string Run = "orchestrator.run";
    public const string Epoch = "orchestrator.epoch";
    private const string Image = "orchestrator.image";
    private const string Fingerprint = "orchestrator.fingerprint";
    private const string Cpu = "orchestrator.reserve.cpu";
    private const string Memory = "orchestrator.reserve.memory";
    private const string HostPorts = "orchestrator.host-ports";
    private const string LeaseLost = "orchestrator.on-lease-lost";
    private const string Volumes = "orchestrator.volumes";
    private const string Replaces = "orchestrator.replaces";
    private const string StopGrace = "orchestrator.stop-grace";
    private const string Health = "orchestrator.health";
    private const string Readiness = "orchestrator.readiness";
    private const string PortNames = "orchestrator.port-names";

    /// <summary>The labels that all containers of one worker share.</summary>
    public static ValueMap Of(string cluster, string worker) => ValueMap.Of((Cluster, cluster), (Worker, worker));

    /// <summary>Those of all containers of a service, also of what has ended.</summary>
    public static ValueMap Of(string cluster, string worker, string service) =>
        ValueMap.Of((Cluster, cluster), (Worker, worker), (Service, service));

    /// <summary>Those of all containers that a slot has had.</summary>
    public static ValueMap OfSlot(string cluster, string worker, InstanceName name) =>
        ValueMap.Of((Cluster, cluster), (Worker, worker), (Service, name.Service), (Slot, Text(name.Slot)));

    /// <summary>Those of an instance's containers.</summary>
    public static ValueMap OfInstance(string cluster, string worker, string instance) =>
        ValueMap.Of((Cluster, cluster), (Worker, worker), (Instance, instance));

    public static ValueMap Of(string cluster, string worker, Instance instance) => new(Always(cluster, worker, instance).Concat(
    [
        .. Text(Run, instance.Name.Run > 0 ? Text(instance.Name.Run) : ""),
        .. Text(Image, instance.Observed.Image is { } image ? $"{image.Digest} {image.Id}" : ""),
        .. Text(Volumes, string.Join('\n', instance.Footprint.Volumes)),
        .. Text(Replaces, instance.Replaces),
        .. Text(Fingerprint, instance.Observed.Fingerprint ?? ""),
        .. Json(Health, instance.Footprint.Health), .. Json(Readiness, instance.Footprint.Readiness),
        .. Json(PortNames, instance.Footprint.PortNames is { Count: > 0 } names ? names : null),
    ]));

    private static ValueMap Always(string cluster, string worker, Instance instance) => ValueMap.Of(
        (Cluster, cluster),
        (Worker, worker),
        (Instance, instance.Name.ToString()),
        (Service, instance.Name.Service),
        (Slot, Text(instance.Name.Slot)),
        (Revision, Text(instance.Name.Revision)),
        (Attempt, Text(instance.Name.Attempt)),
        (Epoch, Text(instance.Epoch)),
        (Cpu, Text(instance.Footprint.Reserve.Cpu)),
        (Memory, Text(instance.Footprint.Reserve.Memory.Bytes)),
        (HostPorts, string.Join(' ', instance.Footprint.HostPorts)),
        (LeaseLost, instance.Footprint.OnLeaseLost == LeaseLoss.Stop ? "stop" : "keep"),
        (StopGrace, Durations.Format(instance.Footprint.StopGrace)));

    /// <summary>The instance that had to end before this one starts; empty where it starts at once.</summary>
    public static string ReplacesIn(ValueMap labels) => labels[Replaces] ?? "";

    public static InstanceName? NameIn(ValueMap labels) =>
        labels[Instance] is { } text && InstanceName.TryParse(text, out var name) ? name : null;

    /// <summary>What is told of the image; none when whoever ordered the instance knew.</summary>
    public static ImageSeen? ImageIn(ValueMap labels) =>
        labels[Image]?.Split(' ') is [var digest, { Length: > 0 } id] ? new(digest.Length > 0 ? digest : null, id) : null;
    /// <summary>What it was made from; none of one that carries none.</summary>
    public static string? FingerprintIn(ValueMap labels) => labels[Fingerprint] is { Length: > 0 } fingerprint ? fingerprint : null;

    public static long EpochIn(ValueMap labels) => long.TryParse(labels[Epoch], CultureInfo.InvariantCulture, out var epoch) ? epoch : 0;

    /// <summary>What the instance takes up; what cannot be read counts as nothing.</summary>
    public static Footprint FootprintIn(ValueMap labels) => new()
    {
        Reserve = new(
            double.TryParse(labels[Cpu], CultureInfo.InvariantCulture, out var cpu) ? cpu : 0,
            new(long.TryParse(labels[Memory], CultureInfo.InvariantCulture, out var memory) ? memory : 0)),
        HostPorts = (labels[HostPorts] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(HostPort.Parse).OfType<HostPort>()
            .ToValueList(),
        Volumes = (labels[Volumes] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToValueList(),
        OnLeaseLost = labels[LeaseLost] == "stop" ? LeaseLoss.Stop : LeaseLoss.Keep,
        StopGrace = Durations.TryParse(labels[StopGrace] ?? "", out var grace) ? grace : TimeSpan.FromSeconds(10),
        Health = FromJson<HealthProbe>(labels[Health]),
        Readiness = FromJson<HealthProbe>(labels[Readiness]),
        PortNames = FromJson<ValueMap>(labels[PortNames]) ?? ValueMap.Empty,
    };

    /// <summary>Only what is there takes a label.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Text(string label, string text) => text.Length == 0 ? [] : [new(label, text)];

    private static IEnumerable<KeyValuePair<string, string>> Json<T>(string label, T? value) where T : class =>
        value is null ? [] : [new(label, JsonSerializer.Serialize(value, ContractsJson.Options))];

    private static T? FromJson<T>(string? text) where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(text, ContractsJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
