using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Orders;

/// <summary>What the operator of the machine allows containers that reaches beyond them; nothing by default. Pure.</summary>
internal sealed record WorkerPolicy
{
    /// <summary>Ports below it are those of well-known services.</summary>
    private const int FirstFreePort = 1024;

    /// <summary>What Docker gives every container.</summary>
    private static readonly string[] UsualCapabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID",
        "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    /// <summary>What the engine's own volumes may be made of without showing a part of the machine.</summary>
    private static readonly string[] HarmlessTypes = ["tmpfs", "nfs", "nfs4", "cifs"];

    /// <summary>With one of these the kernel mounts the device as it is there, and does not read the type.</summary>
    private static readonly string[] OptionsAboveTheType = ["bind", "rbind", "move", "remount"];

    public IReadOnlyList<string> BindPaths { get; init; } = [];
    public bool LowPorts { get; init; }
    public bool Privileged { get; init; }
    public bool HostNetwork { get; init; }
    public IReadOnlyList<string> Devices { get; init; } = [];
    public IReadOnlyList<string> Capabilities { get; init; } = [];
    public bool SecurityOptions { get; init; }

    public static WorkerPolicy Of(WorkerAgentOptions options) => new()
    {
        BindPaths = options.BindPathList,
        LowPorts = options.LowPorts,
        Privileged = options.Privileged,
        HostNetwork = options.HostNetwork,
        Devices = options.DeviceList,
        Capabilities = options.CapabilityList,
        SecurityOptions = options.SecurityOptions,
    };

    /// <summary>Why this worker does not run such a container, with the name of the setting; none when it does.</summary>
    public string? Objection(Instance wanted) =>
        wanted.Footprint.HostPorts.FirstOrDefault(port => port.Port < FirstFreePort) is { } low && !LowPorts
            ? string.Create(CultureInfo.InvariantCulture, $"this worker does not give host port {low}: ALLOW_LOW_PORTS is not set")
        : wanted.Spec is { } spec ? Objection(spec) : null;

    private string? Objection(ContainerSpec spec) =>
        spec.Privileged && !Privileged ? "this worker runs nothing privileged: ALLOW_PRIVILEGED is not set"
        : spec.NetworkMode == "host" && !HostNetwork ? "this worker does not share its network: ALLOW_HOST_NETWORK is not set"
        : spec.Volumes.Select(HostPath).FirstOrDefault(path => path is not null && !IsWithin(path, BindPaths)) is { } folder
            ? $"this worker does not mount {folder}: it is not in a folder of ALLOWED_BIND_PATHS"
        : spec.Devices.Select(device => device.Split(':')[0]).FirstOrDefault(device => !IsWithin(device, Devices)) is { } device
            ? $"this worker does not give {device}: it is not in ALLOWED_DEVICES"
        : spec.CapAdd.Select(WithoutPrefix).FirstOrDefault(it => !Allows(it)) is { } capability
            ? $"this worker does not give the capability {capability}: it is not in ALLOWED_CAPABILITIES"
        : spec.SecurityOpt.FirstOrDefault(it => !it.StartsWith("no-new-privileges", StringComparison.Ordinal)) is { } option
            && !SecurityOptions
            ? $"this worker does not set {option.Split('=')[0]}: ALLOW_SECURITY_OPTIONS is not set"
        : null;

    /// <summary>
    /// A folder or device of the machine that a volume shows, if only by the options of its driver. What another driver does with its
    /// options nobody knows here: an engine has it only where the operator of the machine installed it, who answers for it.
    /// </summary>
    private static string? HostPath(VolumeMount volume)
    {
        if (volume.IsBind()) return volume.Source;
        // To the engine no name is its own driver.
        if (volume is not { Driver: null or "" or "local", DriverOpts: { Count: > 0 } options }) return null;
        var (type, device) = (options["type"] ?? "none", options["device"]);
        var asItIs = (options["o"] ?? "").Split(',', StringSplitOptions.TrimEntries)
            .Any(it => OptionsAboveTheType.Contains(it, StringComparer.OrdinalIgnoreCase));
        if (HarmlessTypes.Contains(type) && !asItIs) return null;
        // Another kind of file system can show anything, such as overlay, and a path that does not begin at the root is anywhere.
        return (asItIs || type is "none" or "bind") && device?.StartsWith('/') == true ? device : "/";
    }

    private bool Allows(string capability) =>
        UsualCapabilities.Contains(capability) || Capabilities.Select(WithoutPrefix).Any(it => it == capability || it == "ALL");

    private static string WithoutPrefix(string capability) =>
        capability.StartsWith("CAP_", StringComparison.Ordinal) ? capability[4..] : capability;

    /// <summary>
    /// By the words of the path: links inside an allowed folder are the business of who allowed it. Behind a link ".." leads elsewhere
    /// than the words say: such a path is only within everything.
    /// </summary>
    private static bool IsWithin(string path, IReadOnlyList<string> folders)
    {
        var full = path.Split('/').Contains("..") ? "/" : Path.GetFullPath(path);
        return folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            .Any(folder => full == folder || full.StartsWith(folder == "/" ? folder : folder + "/", StringComparison.Ordinal));
    }
}
