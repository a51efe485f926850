using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with what is mounted into a container.</summary>
internal static partial class MountValidation
{
    public static void Look(ContainerSpec container, Findings found)
    {
        HashSet<string> targets = new(StringComparer.Ordinal);
        found.Most("volumes", container.Volumes.Count);
        foreach (var (at, volume) in container.Volumes.Index())
        {
            var field = $"volumes[{at}]";
            Source(field, volume, found);
            Target($"{field}.target", volume.Target, targets, found);
            if (volume.Tmpfs is { } tmpfs) Memory($"{field}.tmpfs", tmpfs, found);
        }

        found.Each("tmpfs", container.Tmpfs, text => Tmpfs().IsMatch(text) ? null
            : "is a path, with options such as size=64m or mode=1777 after a colon: /tmp:size=64m,noexec");
        foreach (var (at, text) in container.Tmpfs.Index()) Target($"tmpfs[{at}]", text?.Split(':')[0], targets, found);
    }

    /// <summary>Why this is not an absolute path that says where it leads; none when it is one.</summary>
    public static string? PathProblem(string? path) =>
        path is null || !path.StartsWith('/') ? "is an absolute path in the container"
        : path.Split('/').Any(part => part is "." or "..") ? $"'{path}' has . or .. in it"
        : path.Contains("//", StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal)
            ? $"'{path}' has // or a colon in it"
        : null;

    private static void Source(string field, VolumeMount volume, Findings found)
    {
        if (volume.Source is null) found.Add($"{field}.source", "is null");
        else if (volume.IsBind() && PathProblem(volume.Source) is not null)
            found.Add($"{field}.source", $"'{volume.Source}' is an absolute path with ., .., // or a colon in it");
        else if (volume.IsNamed() && !VolumeName().IsMatch(volume.Source))
            found.Add($"{field}.source", "is neither the name of a volume, of two characters at least, nor an absolute path");
        else if (volume is { Source: "", Exclusive: true })
            found.Add($"{field}.exclusive", "is for a volume with a name or a folder: what has neither belongs to one container anyway");
        else if (volume is { Source: not "", Tmpfs: not null })
            found.Add($"{field}.source", "is not for tmpfs, which is memory");
        var isOfEngine = volume is { Tmpfs: null } && !volume.IsBind();
        if (volume.Driver is { } driver && !isOfEngine) found.Add($"{field}.driver", "is for a volume of the engine");
        else if (volume.Driver is { } name)
            found.Shape($"{field}.driver", name, DriverName(), "is the name of a volume driver, such as local");
        if (volume.DriverOpts is { Count: > 0 } && !isOfEngine) found.Add($"{field}.driverOpts", "are for a volume of the engine");
        found.Each($"{field}.driverOpts", volume.DriverOpts ?? ValueMap.Empty, (option, _) => option.Length is 0 or > 255
            ? "an option has a name of 1 to 255 characters" : null);
    }

    private static void Target(string field, string? target, HashSet<string> targets, Findings found)
    {
        if (target?.TrimEnd('/') is null or "" || PathProblem(target.TrimEnd('/')) is not null)
            found.Add(field, "is an absolute path in the container, without . or .. in it, and not /");
        else if (!targets.Add(target.TrimEnd('/'))) found.Add(field, $"{target} is there twice");
    }

    private static void Memory(string field, TmpfsOptions tmpfs, Findings found)
    {
        if (tmpfs.Size is { } size) found.Range($"{field}.size", size, new(4096), new(1L << 50));
        if (tmpfs.Mode is { } mode) found.Shape($"{field}.mode", mode, Mode(), "is three or four octal digits, such as 1777");
    }

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,127}\z")]
    private static partial Regex VolumeName();

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.:/-]{0,127}\z")]
    private static partial Regex DriverName();

    [GeneratedRegex(@"^[0-7]{3,4}\z")]
    private static partial Regex Mode();

    [GeneratedRegex(
        @"^/[^:]*(:(rw|ro|exec|noexec|suid|nosuid|dev|nodev|(size|nr_inodes)=[0-9]{1,15}[kKmMgG%]?|mode=[0-7]{3,4}|(uid|gid)=[0-9]{1,9})"
        + @"(,(rw|ro|exec|noexec|suid|nosuid|dev|nodev|(size|nr_inodes)=[0-9]{1,15}[kKmMgG%]?|mode=[0-7]{3,4}|(uid|gid)=[0-9]{1,9}))*)?\z")]
    private static partial Regex Tmpfs();
}
