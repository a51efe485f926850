using System.ComponentModel.DataAnnotations;
using System.Net;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Settings;

/// <summary>Every knob of the agent, from configuration or environment variables; checked once at start.</summary>
internal sealed record WorkerAgentOptions : IValidatableObject
{
    /// <summary>The app id, given by whoever starts the sidecar; it is the worker's name in the cluster. Required.</summary>
    [ConfigurationKeyName("APP_ID")]
    [RegularExpression(
        "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "APP_ID consists of 1 to 63 lower-case letters, digits, '-' and '.'.")]
    [Required(ErrorMessage = "APP_ID is missing: it is the worker's name, given by dapr run or the launcher.")]
    public string Name { get; init; } = "";

    /// <summary>Port on loopback at which the sidecar reaches the agent; 1 to 65535. Required.</summary>
    [ConfigurationKeyName("APP_PORT")]
    [Range(1, 65535, ErrorMessage = "APP_PORT is a port from 1 to 65535.")]
    public int Port { get; init; }

    /// <summary>IP address at which published ports are bound and reachable.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Labels of the worker for placement rules: <c>zone=a,disk=ssd</c>; none by default.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Where the agent keeps epochs and its report sequence, in a folder of its name.</summary>
    [ConfigurationKeyName("DATA_FOLDER")]
    [Required(ErrorMessage = "DATA_FOLDER is empty.")]
    public string DataFolder { get; init; } = Path.Combine(".orchestrator", "workers");

    /// <summary>Keeps the containers of several clusters on one engine apart.</summary>
    [RegularExpression(
        "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", ErrorMessage = "CLUSTER consists of 1 to 63 lower-case letters, digits, '-' and '.'.")]
    public string Cluster { get; init; } = "local";

    /// <summary>The engine: <c>unix:///var/run/docker.sock</c>, <c>tcp://host:2375</c>.</summary>
    [ConfigurationKeyName("DOCKER_HOST")]
    public string DockerHost { get; init; } = "unix:///var/run/docker.sock";

    /// <summary>Cores that instances may reserve, 0.1 to 4096; none means those of the machine.</summary>
    [Range(0.1, 4096, ErrorMessage = "CPU is a number of cores from 0.1 to 4096.")]
    public double? Cpu { get; init; }

    /// <summary>Memory that instances may reserve, e.g. <c>8Gi</c>; none means that of the machine.</summary>
    public string? Memory { get; init; }

    /// <summary>Containers created and started at the same time, 1 to 64; above 4 to 8 only the latency of each grows.</summary>
    [ConfigurationKeyName("MAX_STARTS")]
    [Range(1, 64, ErrorMessage = "MAX_STARTS is a number from 1 to 64.")]
    public int MaxStarts { get; init; } = 4;

    /// <summary>
    /// Containers stopped or removed at the same time, 1 to 16; dozens at once can wedge an engine's networking for good.
    /// </summary>
    [ConfigurationKeyName("MAX_REMOVALS")]
    [Range(1, 16, ErrorMessage = "MAX_REMOVALS is a number from 1 to 16.")]
    public int MaxRemovals { get; init; } = 4;

    /// <summary>
    /// A call to the engine that takes longer counts as unanswered, 1 s to 10 min; pulls and graceful stops have their own.
    /// </summary>
    [ConfigurationKeyName("ENGINE_DEADLINE")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "ENGINE_DEADLINE is a time from 00:00:01 to 00:10:00.")]
    public TimeSpan EngineDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A pull of which nothing comes for so long is begun anew, 5 s to 1 h; one that gets on is let go on, however long.</summary>
    [ConfigurationKeyName("PULL_STALL")]
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00", ErrorMessage = "PULL_STALL is a time from 00:00:05 to 01:00:00.")]
    public TimeSpan PullStall { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause between two lease renewals, 100 ms to 10 s.</summary>
    [ConfigurationKeyName("BEAT")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10", ErrorMessage = "BEAT is a time from 00:00:00.1 to 00:00:10.")]
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// So long before the end of its lease the worker begins to end what may run once only; a third of it is that container's grace, and
    /// at half of it the guard kills what is left. Never more than a third of the lease. 0.2 s to 10 s.
    /// </summary>
    [ConfigurationKeyName("LEASE_MARGIN")]
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:10", ErrorMessage = "LEASE_MARGIN is a time from 00:00:00.2 to 00:00:10.")]
    public TimeSpan LeaseMargin { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary>
    /// So long what may run once only may take to end when the worker is stopped; then it is killed. 0 s to 10 min; less than whoever stops
    /// the worker waits before it kills.
    /// </summary>
    [ConfigurationKeyName("HAND_BACK_GRACE")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "HAND_BACK_GRACE is a time from 00:00:00 to 00:10:00.")]
    public TimeSpan HandBackGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Mean pause between two complete reports that nobody asked for, 1 s to 1 h; they repair what no message repaired.</summary>
    [ConfigurationKeyName("COMPLETE_REPORT_EVERY")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "COMPLETE_REPORT_EVERY is a time from 00:00:01 to 01:00:00.")]
    public TimeSpan CompleteReportEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>So many ended containers of a slot are kept for looking at them, 0 to 100; the newest ones.</summary>
    [ConfigurationKeyName("KEEP_ENDED")]
    [Range(0, 100, ErrorMessage = "KEEP_ENDED is a number from 0 to 100.")]
    public int KeepEnded { get; init; } = 3;

    /// <summary>An ended container is kept so long at most, 1 min to 90 days.</summary>
    [ConfigurationKeyName("KEEP_ENDED_FOR")]
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00", ErrorMessage = "KEEP_ENDED_FOR is a time from 00:01:00 to 90.00:00:00.")]
    public TimeSpan KeepEndedFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Folders of the machine that containers may mount, separated by commas; none by default.</summary>
    [ConfigurationKeyName("ALLOWED_BIND_PATHS")]
    public string BindPaths { get; init; } = "";

    /// <summary>Whether containers may have host ports below 1024; not by default.</summary>
    [ConfigurationKeyName("ALLOW_LOW_PORTS")]
    public bool LowPorts { get; init; }

    /// <summary>
    /// Names of the credential helpers that may be run to log in to registries, separated by commas: <c>ecr-login</c> stands for
    /// <c>docker-credential-ecr-login</c>; none by default.
    /// </summary>
    [ConfigurationKeyName("CREDENTIAL_HELPERS")]
    public string CredentialHelpers { get; init; } = "";

    /// <summary>
    /// A folder on a tmpfs where files of secrets and configs are while their instances live; none takes <c>/run</c>, XDG_RUNTIME_DIR or
    /// <c>/dev/shm</c>, whichever the agent can write to.
    /// </summary>
    [ConfigurationKeyName("SECRETS_FOLDER")]
    public string SecretsFolder { get; init; } = "";

    /// <summary>Whether containers may have every right on the machine; not by default.</summary>
    [ConfigurationKeyName("ALLOW_PRIVILEGED")]
    public bool Privileged { get; init; }

    /// <summary>Whether containers may use the network of the machine itself; not by default.</summary>
    [ConfigurationKeyName("ALLOW_HOST_NETWORK")]
    public bool HostNetwork { get; init; }

    /// <summary>Devices of the machine, or folders of them, that containers may use, separated by commas; none by default.</summary>
    [ConfigurationKeyName("ALLOWED_DEVICES")]
    public string Devices { get; init; } = "";

    /// <summary>Capabilities beyond Docker's default that containers may have, separated by commas, or ALL; none by default.</summary>
    [ConfigurationKeyName("ALLOWED_CAPABILITIES")]
    public string Capabilities { get; init; } = "";

    /// <summary>Whether containers may choose their seccomp, AppArmor or SELinux confinement; not by default.</summary>
    [ConfigurationKeyName("ALLOW_SECURITY_OPTIONS")]
    public bool SecurityOptions { get; init; }

    /// <summary>Whether operators may run programs in instances through a master; not by default.</summary>
    [ConfigurationKeyName("ALLOW_EXEC")]
    public bool AllowExec { get; init; }

    /// <summary>
    /// When more of the engine's disk is used, in percent, images that this worker has pulled and nobody needs are removed; 1 to 100,
    /// where 100 removes none.
    /// </summary>
    [ConfigurationKeyName("IMAGES_CLEAN_ABOVE")]
    [Range(1, 100, ErrorMessage = "IMAGES_CLEAN_ABOVE is a percentage from 1 to 100.")]
    public double ImagesCleanAbove { get; init; } = 80;

    /// <summary>When less of the engine's disk is free, e.g. <c>1Gi</c>, the worker takes nothing new; <c>0</c> never does.</summary>
    [ConfigurationKeyName("DISK_MIN_FREE")]
    public string DiskMinFree { get; init; } = "1Gi";

    /// <summary>The local Consul agent, <c>127.0.0.1:8500</c> or a URL; none means that instances are not registered.</summary>
    [ConfigurationKeyName("CONSUL_HTTP_ADDR")]
    public string? Consul { get; init; }

    /// <summary>Token for that agent; none by default.</summary>
    [ConfigurationKeyName("CONSUL_HTTP_TOKEN")]
    public string? ConsulToken { get; init; }

    public ValueMap LabelMap => ParseLabels(Labels) ?? ValueMap.Empty;

    public ByteSize? MemoryBytes => Memory is { Length: > 0 } text && ByteSize.TryParse(text, out var size) ? size : null;

    public ByteSize DiskMinFreeBytes => ByteSize.TryParse(DiskMinFree, out var size) ? size : default;

    /// <summary>Whether containers have addresses that this machine reaches.</summary>
    public bool EngineIsHere => OperatingSystem.IsLinux() && DockerHost.StartsWith("unix:", StringComparison.Ordinal);

    /// <summary>The folder of this worker alone.</summary>
    public string OwnFolder => Path.Combine(DataFolder, Name);

    /// <summary>What containers may have here that reaches beyond them.</summary>
    public WorkerPolicy Policy => new()
    {
        BindPaths = new(Words(BindPaths)),
        LowPorts = LowPorts,
        Privileged = Privileged,
        HostNetwork = HostNetwork,
        Devices = new(Words(Devices)),
        Capabilities = new(Words(Capabilities)),
        SecurityOptions = SecurityOptions,
    };

    public IReadOnlyList<string> CredentialHelperList =>
        CredentialHelpers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public Uri? ConsulUri => ParseConsul(Consul);

    /// <summary>Reads the options and refuses to go on with wrong ones, naming each.</summary>
    public static WorkerAgentOptions Read(IConfiguration configuration)
    {
        var options = configuration.Get<WorkerAgentOptions>() ?? new();
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true)
            ? options
            : throw new ValidationException(string.Join(" ", problems.Select(p => p.ErrorMessage)));
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out _)) yield return new($"ADDRESS is an IP address, not '{Address}'.");
        if (ParseLabels(Labels) is null) yield return new($"LABELS is a list like 'zone=a,disk=ssd', not '{Labels}'.");
        if (Memory is { Length: > 0 } && MemoryBytes is null) yield return new($"MEMORY is an amount like '8Gi', not '{Memory}'.");
        if (!ByteSize.TryParse(DiskMinFree, out _)) yield return new($"DISK_MIN_FREE is an amount like '1Gi', not '{DiskMinFree}'.");
        if (!Uri.TryCreate(DockerHost, UriKind.Absolute, out var engine) || engine.Scheme is not ("unix" or "tcp" or "http" or "https"))
            yield return new($"DOCKER_HOST is an address like 'unix:///var/run/docker.sock' or 'tcp://host:2375', not '{DockerHost}'.");
        if (Policy.BindPaths.FirstOrDefault(path => !Path.IsPathFullyQualified(path)) is { } relative)
            yield return new($"ALLOWED_BIND_PATHS is a list of absolute paths; '{relative}' is none.");
        if (CredentialHelperList.FirstOrDefault(name => name.Any(it => !char.IsAsciiLetterOrDigit(it) && it is not ('-' or '_' or '.')))
            is { } odd)
            yield return new($"CREDENTIAL_HELPERS is a list of names like 'ecr-login'; '{odd}' is none.");
        if (SecretsFolder.Length > 0 && !Path.IsPathFullyQualified(SecretsFolder))
            yield return new($"SECRETS_FOLDER is an absolute path, not '{SecretsFolder}'.");
        if (Policy.Devices.FirstOrDefault(path => !Path.IsPathFullyQualified(path)) is { } device)
            yield return new($"ALLOWED_DEVICES is a list of absolute paths; '{device}' is none.");
        if (Consul is { Length: > 0 } && ConsulUri is null)
            yield return new($"CONSUL_HTTP_ADDR is an address like '127.0.0.1:8500', not '{Consul}'.");
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ValueMap? ParseLabels(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => p.Split('=', 2)).ToArray();
        return parts.All(p => p is [{ Length: > 0 }, _])
            ? new ValueMap(parts.Select(p => KeyValuePair.Create(p[0].Trim(), p[1].Trim())))
            : null;
    }

    private static Uri? ParseConsul(string? text) =>
        text is not { Length: > 0 } ? null
        : Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            ? uri
            : null;
}
