using System.Globalization;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Our words to Docker's and back. Pure.</summary>
internal static class ContainerMapping
{
    private const double NanosPerCore = 1e9;
    private const int SharesPerCore = 1024;

    /// <param name="init">Runs a tiny init as process 1: a program that handles no signals would else ignore them there and take the whole
    /// grace to end.</param>
    public static CreateContainerParameters ToCreate(NewContainer container, bool init)
    {
        var spec = container.Spec;
        var (reserve, limit) = (spec.Resources.Reserve, spec.Resources.Limit);
        return new()
        {
            Name = container.Name,
            Image = spec.Image,
            // Empty lists leave what the image says.
            Cmd = [.. spec.Command],
            Env = [.. spec.Env.Select(e => $"{e.Key}={e.Value}")],
            Labels = container.Labels.ToDictionary(l => l.Key, l => l.Value),
            StopSignal = spec.StopSignal!,
            StopTimeout = spec.StopGrace,
            ExposedPorts = spec.Ports.Select(Key).Distinct().ToDictionary(k => k, _ => default(EmptyStruct)),
            Healthcheck = spec.Health is not { } probe ? null! : new()
            {
                Test = ["CMD", .. probe.Command],
                Interval = probe.Interval,
                Timeout = probe.Timeout,
                Retries = probe.Retries,
                StartPeriod = probe.StartPeriod,
            },
            HostConfig = new()
            {
                Init = init ? true : null,
                // A restart is a decision of the control plane, and a new instance.
                RestartPolicy = new() { Name = RestartPolicyKind.No },
                PortBindings = spec.Ports
                    .GroupBy(Key)
                    .ToDictionary(g => g.Key, g => (IList<PortBinding>)[.. g.Select(p => new PortBinding
                    {
                        HostIP = container.Address,
                        HostPort = p.Host?.ToString(CultureInfo.InvariantCulture) ?? "",
                    })]),
                NanoCPUs = (long)(limit.Cpu * NanosPerCore),
                Memory = limit.Memory.Bytes,
                CPUShares = reserve.Cpu > 0 ? Math.Max(2, (long)(reserve.Cpu * SharesPerCore)) : 0,
                MemoryReservation = limit.Memory.Bytes > 0 ? Math.Min(reserve.Memory.Bytes, limit.Memory.Bytes) : reserve.Memory.Bytes,
                Mounts = [.. spec.Volumes.Select(v => new Mount
                {
                    Type = v.Source.StartsWith('/') ? "bind" : "volume",
                    Source = v.Source,
                    Target = v.Target,
                    ReadOnly = v.ReadOnly,
                })],
            },
        };
    }

    public static Container ToContainer(ContainerInspectResponse seen) => new()
    {
        Id = seen.ID,
        Name = (seen.Name ?? "").TrimStart('/'),
        State = StateOf(seen.State?.Status),
        Labels = new(seen.Config?.Labels ?? new Dictionary<string, string>()),
        Health = HealthOf(seen.State?.Health?.Status),
        Ports = PortsOf(seen.NetworkSettings?.Ports),
        StartedAt = TimeOf(seen.State?.StartedAt),
        EndedAt = TimeOf(seen.State?.FinishedAt),
        ExitCode = (int)(seen.State?.ExitCode ?? 0),
        Error = seen.State?.Error ?? "",
        OutOfMemory = seen.State?.OOMKilled ?? false,
    };

    /// <summary>A line of the list holds less than an inspection: no exit code, no times.</summary>
    public static Container ToContainer(ContainerListResponse seen) => new()
    {
        Id = seen.ID,
        Name = (seen.Names ?? []).FirstOrDefault("").TrimStart('/'),
        State = StateOf(seen.State),
        Labels = new(seen.Labels ?? new Dictionary<string, string>()),
    };

    /// <summary>None for an event that is of no interest here.</summary>
    public static EngineEvent? ToEvent(Message message)
    {
        if (message.Actor?.ID is not { Length: > 0 } id) return null;
        var attributes = new ValueMap(message.Actor.Attributes ?? new Dictionary<string, string>());
        var at = DateTimeOffset.UnixEpoch.AddTicks((message.TimeNano ?? 0) / TimeSpan.NanosecondsPerTick);
        return message.Action switch
        {
            "die" => new(EngineEventKind.Died, id, attributes, at, NumberIn(attributes, "exitCode")),
            "oom" => new(EngineEventKind.OutOfMemory, id, attributes, at),
            // Also for a stop: the engine sends the signal then.
            "kill" => new(EngineEventKind.Signalled, id, attributes, at, Signal: NumberIn(attributes, "signal")),
            "pause" => new(EngineEventKind.Paused, id, attributes, at),
            "unpause" => new(EngineEventKind.Unpaused, id, attributes, at),
            "destroy" => new(EngineEventKind.Removed, id, attributes, at),
            { } action when action.StartsWith("health_status", StringComparison.Ordinal) =>
                new(EngineEventKind.HealthChanged, id, attributes, at, Health: HealthOf(action.Split(':').Last().Trim())),
            _ => null,
        };
    }

    /// <summary>Splits a reference for a pull: without a tag the engine would fetch every tag there is.</summary>
    public static (string Image, string? Tag) ToPull(string reference)
    {
        if (reference.Contains('@', StringComparison.Ordinal)) return (reference, null);
        var colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') ? (reference[..colon], reference[(colon + 1)..]) : (reference, "latest");
    }

    private static string Key(PortMapping port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.Container}/{(port.Protocol == PortProtocol.Udp ? "udp" : "tcp")}");

    private static int NumberIn(ValueMap attributes, string name) =>
        int.TryParse(attributes[name], CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static ContainerState StateOf(string? status) => status switch
    {
        "created" => ContainerState.Created,
        "running" or "restarting" => ContainerState.Running,
        "paused" => ContainerState.Paused,
        _ => ContainerState.Exited,
    };

    private static InstanceHealth HealthOf(string? status) => status switch
    {
        "starting" => InstanceHealth.Starting,
        "healthy" => InstanceHealth.Healthy,
        "unhealthy" => InstanceHealth.Unhealthy,
        _ => InstanceHealth.None,
    };

    private static ValueList<PublishedPort> PortsOf(IDictionary<string, IList<PortBinding>>? ports) =>
        (ports ?? new Dictionary<string, IList<PortBinding>>())
        .Where(p => p.Value is not null)
        .SelectMany(p => p.Value.Select(binding => PortOf(p.Key, binding)))
        .OrderBy(p => p.Container).ThenBy(p => p.Protocol).ThenBy(p => p.Host)
        .ToValueList();

    private static PublishedPort PortOf(string key, PortBinding binding)
    {
        var parts = key.Split('/');
        return new(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            int.Parse(binding.HostPort, CultureInfo.InvariantCulture),
            binding.HostIP,
            parts is [_, "udp"] ? PortProtocol.Udp : PortProtocol.Tcp);
    }

    // Docker writes the year 1 for "never".
    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time.ToUniversalTime()
            : null;
}
