using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with what a container needs and may take, by the limits that the engine has itself.</summary>
internal static partial class ResourceValidation
{
    /// <summary>A container with less memory does not even start.</summary>
    private static readonly ByteSize LeastMemory = ByteSize.Mi(6);

    private static readonly ByteSize MostMemory = new(1L << 50);

    private const double LeastCpu = 0.01;

    public static void Look(ContainerSpec container, Findings found)
    {
        var resources = container.Resources;
        var (reserve, limit) = (resources.Reserve, resources.Limit);
        foreach (var (field, amount) in new[] { ("resources.reserve", reserve), ("resources.limit", limit) })
        {
            if (!double.IsFinite(amount.Cpu) || amount.Cpu is < 0 or > 4096)
                found.Add($"{field}.cpu", "is a number of cores from 0 to 4096");
            if (amount.Memory.Bytes < 0 || amount.Memory > MostMemory) found.Add($"{field}.memory", "is an amount from 0 to 1024Ti");
        }

        if (limit.Memory.Bytes > 0 && limit.Memory < LeastMemory)
            found.Add("resources.limit.memory", $"is {limit.Memory}; the engine takes {LeastMemory} at least, or none");
        if (limit.Cpu is > 0 and < LeastCpu)
            found.Add("resources.limit.cpu",
                string.Create(CultureInfo.InvariantCulture, $"is {limit.Cpu}; the engine takes {LeastCpu} at least, or none"));
        if (limit.Memory.Bytes > 0 && limit.Memory < reserve.Memory) found.Add("resources.limit.memory", "is less than what is reserved");
        if (limit.Cpu > 0 && limit.Cpu < reserve.Cpu) found.Add("resources.limit.cpu", "is less than what is reserved");
        if (resources.Pids is { } pids) found.Range("resources.pids", pids, 1, 4_194_304);
        if (resources.OomScoreAdj is { } score) found.Range("resources.oomScoreAdj", score, -1000, 1000);
        if (resources.BlkioWeight is { } weight) found.Range("resources.blkioWeight", weight, 10, 1000);
        Swap(resources, found);
        if (container.ShmSize is { } shared) found.Range("shmSize", shared, new(4096), MostMemory);
        found.Each("ulimits", container.Ulimits, UlimitProblem);
    }

    private static void Swap(Resources resources, Findings found)
    {
        if (resources.MemorySwap is not { } both) return;
        if (resources.Limit.Memory.Bytes == 0) found.Add("resources.memorySwap", "needs resources.limit.memory, which it contains");
        else if (both < resources.Limit.Memory || both > MostMemory)
            found.Add("resources.memorySwap", $"is {both}; it is memory and swap together, from resources.limit.memory to 1024Ti");
    }

    private static string? UlimitProblem(string name, string value)
    {
        if (!EngineWords.Ulimits.Contains(name))
            return $"is not a limit of processes; those are {string.Join(", ", EngineWords.Ulimits.Order(StringComparer.Ordinal))}";
        var parts = SoftAndHard().Match(value);
        if (!parts.Success) return "is a number, or two, soft and hard: 1024:65536; -1 is no limit";
        if (parts.Groups[2].Value is not { Length: > 0 } hard) return null;
        return Number(parts.Groups[1].Value) > Number(hard) ? "has a soft limit above the hard one" : null;
    }

    private static long Number(string text) => text == "-1" ? long.MaxValue : long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(-1|[0-9]{1,18})(?::(-1|[0-9]{1,18}))?\z")]
    private static partial Regex SoftAndHard();
}
