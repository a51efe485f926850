using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>Volumes, from their long form, and those of other services.</summary>
internal static class MountFields
{
    public static ValueList<VolumeMount> Of(Section service, Translating it) => Own(service, it)
        .Concat(Others(service, it)).DistinctBy(mount => mount.Target.TrimEnd('/')).ToValueList();

    private static List<VolumeMount> Own(Section service, Translating it) =>
        [.. service.Items("volumes").Select(volume => One(volume, it)).OfType<VolumeMount>()];

    /// <summary>Mounts of another service; what one of them mounts itself at the same place counts.</summary>
    private static IEnumerable<VolumeMount> Others(Section service, Translating it)
    {
        foreach (var from in service.Texts("volumes_from"))
        {
            if (from.StartsWith("container:", StringComparison.Ordinal))
            {
                service.Note("volumes_from", "volumes of a container that is none of the stack's are not mounted");
                continue;
            }

            if (it.Enabled[from.Split(':')[0]] is not MapNode other) continue;
            var isReadOnly = from.EndsWith(":ro", StringComparison.Ordinal);
            // What there is to say of these mounts is said where they stand.
            var silent = it with { Notes = new() };
            foreach (var mount in Own(new(other, "", silent.Notes), silent))
            {
                if (mount.Source.Length > 0) yield return mount with { ReadOnly = mount.ReadOnly || isReadOnly };
                else service.Note("volumes_from", "volumes without a name belong to one container, and are not mounted in another");
            }
        }
    }

    private static VolumeMount? One(Section volume, Translating it)
    {
        var (type, source, target) = (volume.Text("type"), volume.Text("source"), volume.Text("target"));
        var isReadOnly = volume.Flag("read_only") ?? false;
        if (target is null) volume.Wrong("target", "is required: the path in the container");
        Options(volume);
        var mount = type switch
        {
            "volume" => Volume(volume, source ?? "", target ?? "/", it),
            "bind" => Bind(volume, source, target ?? "/"),
            "tmpfs" => new("", target ?? "/", Tmpfs: Memory(volume.Below("tmpfs"))),
            "image" or "npipe" or "cluster" => null,
            _ => None(volume),
        };
        if (type is "image" or "npipe" or "cluster") volume.Note("type", "only volume, bind and tmpfs are mounted: this one is left out");
        volume.Silent("tmpfs", "bind", "volume", "image");
        volume.End();
        return mount is null ? null : mount with { ReadOnly = isReadOnly };
    }

    private static VolumeMount? None(Section volume)
    {
        volume.Wrong("type", "is volume, bind or tmpfs");
        return null;
    }

    private static VolumeMount Volume(Section volume, string key, string target, Translating it)
    {
        if (key.Length == 0) return new("", target);
        if (it.Declared.Volume(key) is { } declared)
            return new(declared.Name, target, Driver: declared.Driver, DriverOpts: declared.Options);
        volume.Wrong("source", $"there is no volume {key} among volumes:");
        return new(key, target);
    }

    /// <summary>A folder beside the compose file is on this machine, and not on the workers.</summary>
    private static VolumeMount Bind(Section volume, string? source, string target)
    {
        if (source?.StartsWith('/') != true)
            volume.Wrong("source", $"'{source}' is a folder of this machine, which the workers do not have: name an absolute path that is "
                + "there on the workers, or use a volume, or configs: for files");
        return new(source ?? "/", target);
    }

    private static void Options(Section volume)
    {
        volume.Silent("consistency");
        var bind = volume.Below("bind");
        if (bind.Flag("create_host_path") == true)
            bind.Note("create_host_path", "no folder is made: it must be there on the workers, whose operators allow it");
        bind.Instead("is not set", "propagation", "recursive", "selinux");
        bind.End();
        var named = volume.Below("volume");
        if (named.Flag("nocopy") == true) named.Note("nocopy", "a volume that is empty is filled with what the image has there");
        named.Instead("the whole volume is mounted", "subpath");
        named.Instead("are not set on the volume", "labels");
        named.End();
    }

    private static TmpfsOptions Memory(Section tmpfs)
    {
        var (size, mode) = (tmpfs.Size("size"), tmpfs.Mode("mode"));
        tmpfs.End();
        return new(size is { Bytes: > 0 } ? size : null, mode is { } it ? Values.Octal(it) : null);
    }
}
