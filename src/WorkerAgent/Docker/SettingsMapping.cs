using System.Globalization;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Single settings of a container, from our words to Docker's. Pure; what they get has been checked where it was wished.</summary>
internal static class SettingsMapping
{
    /// <summary>So much an engine keeps of what one container writes, where nobody says otherwise.</summary>
    private static readonly ValueMap BoundedLog = ValueMap.Of(("max-file", "3"), ("max-size", "10m"));

    public static Mount Mount(VolumeMount volume) => new()
    {
        Type = volume.Tmpfs is not null ? "tmpfs" : volume.IsBind() ? "bind" : "volume",
        Source = volume.Source,
        Target = volume.Target,
        ReadOnly = volume.ReadOnly,
        VolumeOptions = volume.Driver is null && volume.DriverOpts is null ? null! : new()
        {
            DriverConfig = new()
            {
                Name = volume.Driver ?? "local", Options = (volume.DriverOpts ?? ValueMap.Empty).ToDictionary(o => o.Key, o => o.Value),
            },
        },
        TmpfsOptions = volume.Tmpfs is not { } tmpfs ? null! : new()
        {
            SizeBytes = tmpfs.Size?.Bytes ?? 0,
            Mode = tmpfs.Mode is { } mode ? Convert.ToUInt32(mode, 8) : 0,
        },
    };

    /// <summary>As engines of every age take it.</summary>
    public static string ExtraHost(string host)
    {
        var at = host.AsSpan().IndexOfAny('=', ':');
        return $"{host[..at]}:{host[(at + 1)..].Trim('[', ']')}";
    }

    public static Ulimit Ulimit(KeyValuePair<string, string> limit)
    {
        var parts = limit.Value.Split(':');
        return new() { Name = limit.Key, Soft = Number(parts[0]), Hard = Number(parts[^1]) };
    }

    public static DeviceMapping Device(string device)
    {
        var parts = device.Split(':');
        var rights = parts.Skip(1).LastOrDefault(it => !it.StartsWith('/'));
        return new()
        {
            PathOnHost = parts[0],
            PathInContainer = parts.Skip(1).FirstOrDefault(it => it.StartsWith('/')) ?? parts[0],
            CgroupPermissions = rights ?? "rwm",
        };
    }

    public static DeviceRequest Gpus(string gpus)
    {
        var request = new DeviceRequest { Capabilities = [["gpu"]] };
        if (gpus == "all") request.Count = -1;
        else if (gpus.StartsWith("device=", StringComparison.Ordinal)) request.DeviceIDs = gpus["device=".Length..].Split(',');
        else request.Count = Number(gpus);
        return request;
    }

    public static LogConfig Log(Logging logging)
    {
        var options = logging.Driver is "json-file" or "local" ? logging.Options.UnionBy(BoundedLog, o => o.Key) : logging.Options;
        return new() { Type = logging.Driver, Config = options.ToDictionary(o => o.Key, o => o.Value) };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
