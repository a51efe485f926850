using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Workers;

/// <summary>What a container would have of its machine beyond itself, worked out once; nothing for most. Pure.</summary>
public sealed record Reach
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

    /// <summary>The first host port of well-known services.</summary>
    public HostPort? LowPort { get; init; }

    public bool Privileged { get; init; }

    public bool HostNetwork { get; init; }

    /// <summary>Folders of the machine.</summary>
    public ValueList<string> Folders { get; init; } = [];

    public ValueList<string> Devices { get; init; } = [];

    /// <summary>Beyond Docker's own, without their prefix.</summary>
    public ValueList<string> Capabilities { get; init; } = [];

    /// <summary>The first of its own rules for how it is confined; what only takes rights away is none.</summary>
    public string? Confinement { get; init; }

    private static Reach Nothing { get; } = new();

    /// <summary>None for a container that keeps to itself.</summary>
    public static Reach? Of(ContainerSpec container) => Of(container.Ports.Select(port => port.Fixed()).OfType<HostPort>(), container);

    /// <param name="ports">Its fixed host ports.</param>
    /// <param name="container">None where it is not known any more.</param>
    public static Reach? Of(IEnumerable<HostPort> ports, ContainerSpec? container)
    {
        var reach = Nothing with { LowPort = ports.FirstOrDefault(port => port.Port < FirstFreePort) };
        if (container is not null)
        {
            reach = reach with
            {
                Privileged = container.Privileged,
                HostNetwork = container.NetworkMode == "host",
                Folders = container.Volumes.Select(HostPath).OfType<string>().ToValueList(),
                Devices = container.Devices.Select(device => device.Split(':')[0]).ToValueList(),
                Capabilities = container.CapAdd.Select(WithoutPrefix).Where(it => !UsualCapabilities.Contains(it)).ToValueList(),
                Confinement = container.SecurityOpt
                    .FirstOrDefault(it => !it.StartsWith("no-new-privileges", StringComparison.Ordinal))?.Split('=')[0],
            };
        }

        return reach == Nothing ? null : reach;
    }

    internal static string WithoutPrefix(string capability) =>
        capability.StartsWith("CAP_", StringComparison.Ordinal) ? capability[4..] : capability;

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
}
