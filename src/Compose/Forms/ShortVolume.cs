using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Forms;

/// <summary>
/// Volumes in the short syntax, <c>VOLUME:CONTAINER_PATH[:ACCESS_MODE]</c> or a path in the container alone; access is a list of
/// <c>rw</c>, <c>ro</c>, <c>z</c> and <c>Z</c>.
/// </summary>
internal static class ShortVolume
{
    public static IEnumerable<Node> Long(Node item, Notes notes)
    {
        if (item is not ScalarNode { IsNull: false } scalar) return [item];
        var at = item.At;
        var parts = scalar.Text.Split(':');
        var access = parts is [_, _, var modes] ? modes.Split(',') : [];
        if (parts.Length > 3 || parts.Any(it => it.Length == 0) || !parts[Math.Min(1, parts.Length - 1)].StartsWith('/')
            || access.Any(it => it is not ("rw" or "ro" or "z" or "Z" or "nocopy" or "cached" or "delegated" or "consistent")))
        {
            notes.Wrong(at, $"'{scalar.Text}' is not a volume such as \"data:/var/lib/x\", \"/srv/www:/www:ro\" or \"/scratch\"");
            return [];
        }

        var source = parts.Length == 1 ? null : parts[0];
        var isPath = source is not null && (source[0] is '/' or '.' or '~' || source.Contains('/', StringComparison.Ordinal));
        var selinux = access.FirstOrDefault(it => it is "z" or "Z");
        var bind = !isPath ? null
            : MapNode.Of(at, ("create_host_path", at.Flag(true)), ("selinux", selinux is null ? null : at.Text(selinux)));
        return
        [
            MapNode.Of(at, ("type", at.Text(isPath ? "bind" : "volume")), ("source", source is null ? null : at.Text(source)),
                ("target", at.Text(parts.Length == 1 ? parts[0] : parts[1])), ("read_only", at.Flag(access.Contains("ro"))), ("bind", bind),
                ("volume", access.Contains("nocopy") ? MapNode.Of(at, ("nocopy", at.Flag(true))) : null)),
        ];
    }
}
