using System.Globalization;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Workers;

/// <summary>
/// What the operator of the machine allows containers that reaches beyond them; nothing by default. Its worker enforces it; placement
/// goes by what the worker tells of it, which is sent with every worker in every turn: what is not allowed is not written. Pure.
/// </summary>
public sealed record WorkerPolicy
{
    public ValueList<string> BindPaths { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LowPorts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Privileged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HostNetwork { get; init; }

    public ValueList<string> Devices { get; init; } = [];

    public ValueList<string> Capabilities { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SecurityOptions { get; init; }

    /// <summary>The first that the worker does not allow; none when it runs such a container.</summary>
    public Objection? To(Reach? reach) =>
        reach is null ? null
        : reach.LowPort is { } low && !LowPorts
            ? Objection.ToDoing(string.Create(CultureInfo.InvariantCulture, $"give host port {low}"), "ALLOW_LOW_PORTS is not set")
        : reach.Privileged && !Privileged
            ? new Objection("runs nothing privileged", "run nothing privileged", "ALLOW_PRIVILEGED is not set")
        : reach.HostNetwork && !HostNetwork
            ? new Objection("does not share its network", "do not share their network", "ALLOW_HOST_NETWORK is not set")
        : reach.Folders.FirstOrDefault(it => !IsWithin(it, BindPaths)) is { } folder
            ? Objection.ToDoing($"mount {folder}", "it is not in a folder of ALLOWED_BIND_PATHS")
        : reach.Devices.FirstOrDefault(it => !IsWithin(it, Devices)) is { } device
            ? Objection.ToDoing($"give {device}", "it is not in ALLOWED_DEVICES")
        : reach.Capabilities.FirstOrDefault(it => !Allows(it)) is { } capability
            ? Objection.ToDoing($"give the capability {capability}", "it is not in ALLOWED_CAPABILITIES")
        : reach.Confinement is { } option && !SecurityOptions
            ? Objection.ToDoing($"set {option}", "ALLOW_SECURITY_OPTIONS is not set")
        : null;

    private bool Allows(string capability) => Capabilities.Select(Reach.WithoutPrefix).Any(it => it == capability || it == "ALL");

    /// <summary>
    /// By the words of the path: links are followed on the machine. Behind a link ".." leads elsewhere than the words say: such a path is
    /// only within everything.
    /// </summary>
    private static bool IsWithin(string path, ValueList<string> folders)
    {
        var full = path.Split('/').Contains("..") ? "/" : Path.GetFullPath(path);
        return folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            .Any(folder => full == folder || full.StartsWith(folder == "/" ? folder : folder + "/", StringComparison.Ordinal));
    }
}

/// <summary>What a worker does not do for a container, as the end of a sentence, and because of which setting.</summary>
/// <param name="One">Of one worker: <c>does not mount /etc</c>.</param>
/// <param name="Many">Of several: <c>do not mount /etc</c>.</param>
/// <param name="Why">With the name of the setting.</param>
public sealed record Objection(string One, string Many, string Why)
{
    internal static Objection ToDoing(string what, string why) => new($"does not {what}", $"do not {what}", why);

    public override string ToString() => $"{One}: {Why}";
}
