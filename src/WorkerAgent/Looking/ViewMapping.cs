using System.Globalization;
using System.Text.Json;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Looking;

/// <summary>What Docker shows, in our words. Pure; what is not there is not told.</summary>
internal static class ViewMapping
{
    public static ContainerDetails Details(JsonElement seen)
    {
        var (state, config) = (seen.GetProperty("State"), seen.GetProperty("Config"));
        var isEnded = Text(state, "Status") is "exited" or "dead";
        return new()
        {
            Id = Text(seen, "Id") ?? "",
            Name = (Text(seen, "Name") ?? "").TrimStart('/'),
            Image = Text(config, "Image") ?? "",
            ImageId = Text(seen, "Image") ?? "",
            State = Text(state, "Status") ?? "",
            CreatedAt = Time(seen, "Created"),
            StartedAt = Time(state, "StartedAt"),
            EndedAt = Time(state, "FinishedAt"),
            ExitCode = isEnded ? (int)Number(state, "ExitCode") : null,
            Error = Text(state, "Error") is { Length: > 0 } error ? error : null,
            OutOfMemory = state.TryGetProperty("OOMKilled", out var killed) && killed.ValueKind == JsonValueKind.True,
            ProcessId = Number(state, "Pid") is > 0 and var pid ? (int)pid : null,
            Health = Part(state, "Health") is { } health && Text(health, "Status") is not "none" and { } word ? word : null,
            Command = [.. Text(seen, "Path") is { } program ? [program] : Array.Empty<string>(), .. Texts(Part(seen, "Args"))],
            User = Text(config, "User") is { Length: > 0 } user ? user : null,
            WorkingDir = Text(config, "WorkingDir") is { Length: > 0 } folder ? folder : null,
            Networks = new(Fields(Part(Part(seen, "NetworkSettings"), "Networks"))
                .Select(it => KeyValuePair.Create(it.Name, Text(it.Value, "IPAddress") ?? ""))),
            Mounts = Elements(Part(seen, "Mounts")).Select(it => new MountedVolume(
                Text(it, "Type") ?? "", Text(it, "Name") ?? Text(it, "Source") ?? "", Text(it, "Destination") ?? "",
                it.TryGetProperty("RW", out var write) && write.ValueKind == JsonValueKind.False)).ToValueList(),
            LogDriver = Text(Part(Part(seen, "HostConfig"), "LogConfig"), "Type") ?? "",
        };
    }

    public static Sample? Sample(JsonElement seen)
    {
        // Of one that does not run the time is that of nobody.
        if (Time(seen, "read") is not { } at || Part(seen, "cpu_stats") is not { } cpu) return null;
        var memory = Part(seen, "memory_stats");
        var cached = Part(memory, "stats");
        var unused = Number(cached, "inactive_file") is > 0 and var file ? file : Number(cached, "total_inactive_file");
        var disks = Elements(Part(Part(seen, "blkio_stats"), "io_service_bytes_recursive"));
        var networks = Fields(Part(seen, "networks")).Select(it => it.Value).ToList();
        return new(
            at, TimeSpan.FromTicks(Number(Part(cpu, "cpu_usage"), "total_usage") / TimeSpan.NanosecondsPerTick),
            Math.Max(0, Number(memory, "usage") - unused), Number(memory, "limit"),
            networks.Sum(it => Number(it, "rx_bytes")), networks.Sum(it => Number(it, "tx_bytes")),
            Done(disks, "read"), Done(disks, "write"), (int)Number(Part(seen, "pids_stats"), "current"));
    }

    private static long Done(JsonElement[] disks, string what) => disks
        .Where(it => string.Equals(Text(it, "op"), what, StringComparison.OrdinalIgnoreCase)).Sum(it => Number(it, "value"));

    private static JsonElement? Part(JsonElement? from, string name) =>
        from is { ValueKind: JsonValueKind.Object } it && it.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null
            ? part : null;

    private static string? Text(JsonElement? from, string name) =>
        Part(from, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Amounts may be too large for a long where the engine means "no limit".</summary>
    private static long Number(JsonElement? from, string name) => Part(from, name) is not { ValueKind: JsonValueKind.Number } number ? 0
        : number.TryGetInt64(out var it) ? it : long.MaxValue;

    private static JsonElement[] Elements(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } it ? [.. it.EnumerateArray()] : [];

    private static JsonProperty[] Fields(JsonElement? from) =>
        from is { ValueKind: JsonValueKind.Object } it ? [.. it.EnumerateObject()] : [];

    private static IEnumerable<string> Texts(JsonElement? list) => Elements(list).Select(it => it.GetString() ?? "");

    // Docker writes the year 1 for "never".
    private static DateTimeOffset? Time(JsonElement from, string name) =>
        DateTimeOffset.TryParse(Text(from, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time.Year > 1 ? time.ToUniversalTime() : null;
}
