using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Merging;

/// <summary>How one value is merged over another.</summary>
internal enum MergeRule
{
    /// <summary>Mappings are merged field by field, lists appended, single values replaced.</summary>
    ByKind,

    Replace,
    Append,

    /// <summary>Appended, each value once.</summary>
    AppendNew,

    /// <summary>Entries with the same key are merged, the others appended.</summary>
    Keyed,

    /// <summary>A mapping, field by field; another kind is replaced.</summary>
    Fields,
}

/// <summary>The rules of the specification, by the path of a field within a service.</summary>
internal static class MergeRules
{
    private static readonly HashSet<string> Commands = ["command", "entrypoint", "healthcheck.test"];
    private static readonly HashSet<string> Unique = ["volumes", "secrets", "configs", "ports"];

    private static readonly HashSet<string> ExtendedFields =
    [
        "", "annotations", "build", "build.args", "build.labels", "build.extra_hosts", "deploy", "deploy.labels", "deploy.update_config",
        "deploy.rollback_config", "deploy.restart_policy", "deploy.resources", "deploy.resources.limits", "deploy.resources.reservations",
        "deploy.placement", "environment", "healthcheck", "labels", "logging", "logging.options", "sysctls", "storage_opt", "extra_hosts",
        "ulimits", "blkio_config",
    ];

    private static readonly HashSet<string> ExtendedSets =
    [
        "cap_add", "cap_drop", "deploy.placement.constraints", "deploy.placement.preferences",
        "deploy.resources.reservations.generic_resources", "device_cgroup_rules", "expose", "external_links", "security_opt",
    ];

    private static readonly HashSet<string> ExtendedLists = ["dns", "dns_search", "env_file", "tmpfs"];

    private static readonly HashSet<string> ExtendedByTarget =
    [
        "devices", "blkio_config.device_read_bps", "blkio_config.device_read_iops", "blkio_config.device_write_bps",
        "blkio_config.device_write_iops",
    ];

    /// <summary>When one file is merged over another.</summary>
    public static MergeRule Overriding(string field) =>
        Commands.Contains(field) ? MergeRule.Replace : Unique.Contains(field) ? MergeRule.Keyed : MergeRule.ByKind;

    /// <summary>When a service extends another one; what the specification does not name is taken for a single value.</summary>
    public static MergeRule Extending(string field) =>
        ExtendedFields.Contains(field) ? MergeRule.Fields
        : Unique.Contains(field) || ExtendedByTarget.Contains(field) ? MergeRule.Keyed
        : ExtendedSets.Contains(field) ? MergeRule.AppendNew
        : ExtendedLists.Contains(field) ? MergeRule.Append
        : MergeRule.Replace;

    /// <summary>What makes an entry of a list unique.</summary>
    public static string KeyOf(string field, Node entry)
    {
        if (entry is not MapNode map) return entry.Image;
        return field switch
        {
            "ports" => string.Join('|', Text("host_ip"), Text("target"), Text("published"), Text("protocol")),
            "volumes" or "devices" => Text("target").TrimEnd('/'),
            "secrets" or "configs" => Text("target") is { Length: > 0 } target ? target : Text("source"),
            _ => Text("path"),
        };

        string Text(string name) => (map[name] as ScalarNode)?.Text ?? "";
    }
}
