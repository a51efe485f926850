using System.Globalization;
using System.Text.Json;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using ContainerSpec = Orchestrator.Contracts.Services.ContainerSpec;
using Resources = Orchestrator.Contracts.Services.Resources;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Our words to Docker's and back. Pure.</summary>
internal static class ContainerMapping
{
    private const double NanosPerCore = 1e9;
    private const int SharesPerCore = 1024;

    /// <summary>The engine refuses to be told of a smaller reservation.</summary>
    private static readonly ByteSize LeastReservation = ByteSize.Mi(6);

    public static CreateContainerParameters ToCreate(NewContainer container)
    {
        var spec = container.Spec;
        return new()
        {
            Name = container.Name,
            Image = container.Image ?? spec.Image,
            Entrypoint = spec.Entrypoint is { } entrypoint ? [.. entrypoint] : null!,
            // Empty lists leave what the image says.
            Cmd = [.. spec.Command],
            Env = [.. container.Env.Where(e => !spec.Env.ContainsKey(e.Key)).Concat(spec.Env).Select(e => $"{e.Key}={e.Value}")],
            WorkingDir = spec.WorkingDir!,
            User = spec.User!,
            Hostname = spec.Hostname!,
            Tty = spec.Tty,
            // Ours are what we find it by.
            Labels = container.Labels.UnionBy(spec.ContainerLabels, l => l.Key).ToDictionary(l => l.Key, l => l.Value),
            StopSignal = spec.StopSignal!,
            StopTimeout = spec.StopGrace,
            ExposedPorts = spec.Ports.Select(Key).Distinct().ToDictionary(k => k, _ => default(EmptyStruct)),
            Healthcheck = spec.Health is { } health ? CheckOf(health) : null!,
            HostConfig = HostOf(container, spec),
        };
    }

    private static HostConfig HostOf(NewContainer container, ContainerSpec spec)
    {
        var resources = spec.Resources;
        return new()
        {
            Init = spec.Init,
            // A restart is a decision of the control plane, and a new instance.
            RestartPolicy = new() { Name = RestartPolicyKind.No },
            NetworkMode = spec.NetworkMode,
            // In the network of the host the engine publishes nothing, and keeps them for those who ask.
            PortBindings = spec.Ports.GroupBy(Key).ToDictionary(g => g.Key, g => (IList<PortBinding>)[.. g.Select(p => new PortBinding
            {
                HostIP = p.Address ?? container.Address,
                HostPort = p.Host?.ToString(CultureInfo.InvariantCulture) ?? "",
            })]),
            ExtraHosts = [.. spec.ExtraHosts.Select(SettingsMapping.ExtraHost)],
            DNS = [.. spec.Dns],
            NanoCPUs = (long)(resources.Limit.Cpu * NanosPerCore),
            Memory = resources.Limit.Memory.Bytes,
            MemorySwap = resources.MemorySwap?.Bytes ?? 0,
            CPUShares = resources.Reserve.Cpu > 0 ? Math.Max(2, (long)(resources.Reserve.Cpu * SharesPerCore)) : 0,
            MemoryReservation = Reserved(resources).Bytes,
            PidsLimit = resources.Pids,
            OomScoreAdj = resources.OomScoreAdj ?? 0,
            BlkioWeight = (ushort)(resources.BlkioWeight ?? 0),
            ShmSize = spec.ShmSize?.Bytes ?? 0,
            Ulimits = [.. spec.Ulimits.Select(SettingsMapping.Ulimit)],
            Sysctls = spec.Sysctls.ToDictionary(s => s.Key, s => s.Value),
            GroupAdd = [.. spec.GroupAdd],
            CapAdd = [.. spec.CapAdd],
            CapDrop = [.. spec.CapDrop],
            SecurityOpt = [.. spec.SecurityOpt],
            Privileged = spec.Privileged,
            ReadonlyRootfs = spec.ReadOnly,
            Devices = [.. spec.Devices.Select(SettingsMapping.Device)],
            DeviceRequests = spec.Gpus is { } gpus ? [SettingsMapping.Gpus(gpus)] : [],
            LogConfig = SettingsMapping.Log(spec.Logging),
            Mounts =
            [
                .. spec.Volumes.Select(SettingsMapping.Mount),
                .. container.Files.Select(it => new Mount { Type = "bind", Source = it.Source, Target = it.Target, ReadOnly = true }),
            ],
            Tmpfs = spec.Tmpfs.Select(t => t.Split(':', 2)).ToDictionary(t => t[0], t => t is [_, var options] ? options : ""),
        };
    }

    private static ByteSize Reserved(Resources resources)
    {
        var (reserved, limit) = (resources.Reserve.Memory, resources.Limit.Memory);
        if (limit.Bytes > 0 && limit < reserved) reserved = limit;
        return reserved < LeastReservation ? default : reserved;
    }

    /// <summary>What the engine itself runs in the container; nothing where the agent asks.</summary>
    private static HealthcheckConfig CheckOf(HealthProbe probe) => probe.Command.Count == 0 ? new() { Test = ["NONE"] } : new()
    {
        Test = ["CMD", .. probe.Command],
        Interval = probe.Interval,
        Timeout = probe.Timeout,
        Retries = probe.Retries,
        StartPeriod = probe.StartPeriod,
        StartInterval = probe.StartInterval,
    };

    public static Container ToContainer(ContainerInspectResponse seen) => new()
    {
        Id = seen.ID,
        Name = (seen.Name ?? "").TrimStart('/'),
        State = StateOf(seen.State?.Status),
        Labels = new(seen.Config?.Labels ?? new Dictionary<string, string>()),
        Health = HealthOf(seen.State?.Health?.Status),
        Checks = ChecksOf(seen.State?.Health?.Log),
        // In the network of the host nothing is published: what is asked for is there as it is.
        Ports = PortsOf(seen.HostConfig?.NetworkMode == "host" ? seen.HostConfig.PortBindings : seen.NetworkSettings?.Ports),
        Address = AddressOf(seen),
        StartedAt = TimeOf(seen.State?.StartedAt),
        EndedAt = TimeOf(seen.State?.FinishedAt),
        ExitCode = (int)(seen.State?.ExitCode ?? 0),
        Error = seen.State?.Error ?? "",
        OutOfMemory = seen.State?.OOMKilled ?? false,
        ImageId = seen.Image ?? "",
    };

    /// <summary>A line of the list holds less than an inspection: no exit code, no times.</summary>
    public static Container ToContainer(ContainerListResponse seen) => new()
    {
        Id = seen.ID,
        Name = (seen.Names ?? []).FirstOrDefault("").TrimStart('/'),
        State = StateOf(seen.State),
        Labels = new(seen.Labels ?? new Dictionary<string, string>()),
        CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(seen.Created, DateTimeKind.Utc)),
    };

    /// <summary>An image has a digest for each repository it came from or went to; one that was built here has none.</summary>
    public static ImageSeen ToImage(string reference, ImageInspectResponse seen)
    {
        var asked = ImageReference.Parse(reference);
        var digests = (seen.RepoDigests ?? []).Select(ImageReference.Parse).Where(it => asked.IsOf(it.Repository)).Select(it => it.Digest);
        return new(asked.Digest ?? digests.FirstOrDefault(), seen.ID);
    }

    public static AuthConfig ToAuth(PullLogin login) => new()
    {
        ServerAddress = login.Registry == ImageReference.DockerHub ? "https://index.docker.io/v1/" : login.Registry,
        Username = login.Username!, Password = login.Password!, IdentityToken = login.Token!,
    };

    /// <summary>The same as the engine takes it in a header: JSON in base64 for addresses.</summary>
    public static string ToAuthHeader(PullLogin login)
    {
        var auth = ToAuth(login);
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string?>
        {
            ["username"] = auth.Username, ["password"] = auth.Password, ["identitytoken"] = auth.IdentityToken,
            ["serveraddress"] = auth.ServerAddress,
        }.Where(it => it.Value is not null).ToDictionary());
        return Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');
    }

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

    private static ValueList<ProbeResult> ChecksOf(IList<HealthcheckResult>? log) => (log ?? []).TakeLast(3)
        .Select(it => new ProbeResult(ProbeKind.Health, it.End.ToUniversalTime(), it.ExitCode == 0, it.End - it.Start,
            OneLine.Of(it.ExitCode == 0 ? it.Output : $"exit code {it.ExitCode}: {it.Output}"))).ToValueList();

    /// <summary>In the first network that gives it one.</summary>
    private static string? AddressOf(ContainerInspectResponse seen) => (seen.NetworkSettings?.Networks?.Values ?? [])
        .SelectMany(it => new[] { it.IPAddress, it.GlobalIPv6Address }).FirstOrDefault(it => it is { Length: > 0 });

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
