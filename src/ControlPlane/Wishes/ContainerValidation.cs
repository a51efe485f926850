using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with a container: what no engine would take is refused before anything is done.</summary>
internal static partial class ContainerValidation
{
    public static void Look(ContainerSpec container, Findings found)
    {
        if (ImageGrammar.Problem(container.Image) is { } problem) found.Add("image", problem);
        Program(container, found);
        PortValidation.Look(container, found);
        MountValidation.Look(container, found);
        ResourceValidation.Look(container, found);
        if (container.Health is { } health) ProbeValidation.Look("health", health, container, found);
        if (container.Readiness is { } readiness) ProbeValidation.Look("readiness", readiness, container, found);
        Network(container, found);
        Rights(container, found);
        Log(container.Logging, found);
        foreach (var wrong in ContentValidation.Problems(container)) found.Add(wrong.Field, wrong.Reason);
    }

    private static void Program(ContainerSpec container, Findings found)
    {
        Words("entrypoint", container.Entrypoint ?? [], found);
        Words("command", container.Command, found);
        found.Each("env", container.Env, (name, _) => name.Length == 0 || name.AsSpan().ContainsAny('=', '\0')
            ? "is not the name of an environment variable" : null);
        found.Each("containerLabels", container.ContainerLabels, (name, _) =>
            name.Length is 0 or > 255 ? "a label has a name of 1 to 255 characters"
            : name.StartsWith("orchestrator.", StringComparison.Ordinal) ? "labels that begin with orchestrator. are ours" : null);
        if (container.WorkingDir is { } folder && MountValidation.PathProblem(folder) is { } problem) found.Add("workingDir", problem);
        if (container.User is { } user)
            found.Shape("user", user, UserAndGroup(), "is a user, or a user and a group: app, 1000 or 1000:1000");
        found.Each("groupAdd", container.GroupAdd, group => Group().IsMatch(group) ? null : "is the name or the number of a group");
        if (container.StopSignal is { } signal && !IsSignal(signal))
            found.Add("stopSignal",
                $"'{signal}' is not a signal; signals are SIGTERM, SIGINT, SIGQUIT, SIGUSR1 and the others, or 1 to 64");
        found.Range("stopGrace", container.StopGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private static void Words(string field, ValueList<string> words, Findings found)
    {
        found.Most(field, words.Count);
        foreach (var (at, word) in words.Index()) found.Text($"{field}[{at}]", word);
        if (words is [null or "", ..]) found.Add($"{field}[0]", "is empty: it is the program to run");
    }

    private static bool IsSignal(string signal) =>
        int.TryParse(signal, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number is >= 1 and <= 64
        : EngineWords.Signals.Contains(signal.StartsWith("SIG", StringComparison.Ordinal) ? signal[3..] : signal);

    private static void Network(ContainerSpec container, Findings found)
    {
        found.Shape("networkMode", container.NetworkMode, NetworkName(), "is bridge, host, none or the name of a network on the workers");
        if (container.Hostname is { } name)
            found.Shape("hostname", name, Hostname(), "is at most 63 letters, digits and hyphens, in parts with dots between them");
        found.Each("extraHosts", container.ExtraHosts, host => HostAndAddress().Match(host) is { Success: true } parts
            && (parts.Groups["address"].Value is "host-gateway" || Addresses.Are(parts.Groups["address"].Value.Trim('[', ']')))
                ? null : "is a name and an address, such as db:10.0.0.5 or worker:host-gateway");
        found.Each("dns", container.Dns, server => Addresses.Are(server) ? null : "is the IP address of a name server");
        found.Each("sysctls", container.Sysctls, (name, _) =>
            name.StartsWith("net.", StringComparison.Ordinal) && container.NetworkMode == "host"
                ? "is that of the whole worker with networkMode host"
            : name.StartsWith("net.", StringComparison.Ordinal) || EngineWords.Sysctls.Contains(name) ? null
            : "no container has it for itself; those are net.* and "
                + string.Join(", ", EngineWords.Sysctls.Order(StringComparer.Ordinal)));
    }

    private static void Rights(ContainerSpec container, Findings found)
    {
        foreach (var (field, list) in new[] { ("capAdd", container.CapAdd), ("capDrop", container.CapDrop) })
            found.Each(field, list, it => EngineWords.Capabilities.Contains(Capability(it)) ? null
                : "is not a capability such as NET_ADMIN, nor ALL");
        found.Each("securityOpt", container.SecurityOpt, it => SecurityOption().IsMatch(it) ? null
            : "is no-new-privileges, apparmor=PROFILE, label=…, or seccomp= with unconfined or a profile in JSON");
        found.Each("devices", container.Devices, it => Device().IsMatch(it) ? null
            : "is a device of the worker, where it is in the container, and how it may be used: /dev/sda:/dev/xvda:r");
        if (container.Gpus is { } gpus) found.Shape("gpus", gpus, Gpus(), "is all, a number of them, or device=0,2");
    }

    private static string Capability(string name) => name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name;

    private static void Log(Logging logging, Findings found)
    {
        found.Shape("logging.driver", logging.Driver, DriverName(), "is a log driver such as json-file, local, journald or none");
        var known = EngineWords.LogOptions.GetValueOrDefault(logging.Driver ?? "");
        found.Each("logging.options", logging.Options, (name, value) =>
            known?.Contains(name) == false ? known.Count == 0 ? $"{logging.Driver} takes no options"
                : $"{logging.Driver} knows only {string.Join(", ", known.Order(StringComparer.Ordinal))}"
            : known is not null && name == "max-size" && !LogSize().IsMatch(value) ? "is a size such as 10m"
            : known is not null && name == "max-file" && !LogFiles().IsMatch(value) ? "is a number of files from 1"
            : null);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63}(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63})?\z")]
    private static partial Regex UserAndGroup();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63}\z")]
    private static partial Regex Group();

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();

    [GeneratedRegex(@"^(?=.{1,63}\z)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\z")]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}[:=](?<address>.+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex HostAndAddress();

    [GeneratedRegex(
        @"^(no-new-privileges([:=](true|false))?|(apparmor|label)=[^\s]+|seccomp=(unconfined|\{.*))\z", RegexOptions.Singleline)]
    private static partial Regex SecurityOption();

    [GeneratedRegex(@"^/[^:]+(:/[^:]+)?(:[rwm]{1,3})?\z")]
    private static partial Regex Device();

    [GeneratedRegex(@"^(all|[1-9][0-9]{0,2}|device=[a-zA-Z0-9_-]+(,[a-zA-Z0-9_-]+)*)\z")]
    private static partial Regex Gpus();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_.:/-]{0,99}\z")]
    private static partial Regex DriverName();

    [GeneratedRegex(@"^[1-9][0-9]{0,9}[kmg]?\z")]
    private static partial Regex LogSize();

    [GeneratedRegex(@"^[1-9][0-9]{0,3}\z")]
    private static partial Regex LogFiles();
}
