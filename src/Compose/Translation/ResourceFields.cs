using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>What an instance needs and may take: by <c>deploy.resources</c>, and by fields of the service that say the same.</summary>
internal static class ResourceFields
{
    private const double PeriodByDefault = 100_000;

    public static Resources Of(Section service, out Section deploy)
    {
        deploy = service.Below("deploy");
        var resources = deploy.Below("resources");
        var (limits, reserved) = (resources.Below("limits"), resources.Below("reservations"));
        var pids = Agreed(service, "pids_limit", service.Number("pids_limit", -1), limits.Number("pids", -1));
        var limit = new ResourceAmount(
            Agreed(service, "cpus", service.Fraction("cpus") ?? Quota(service), limits.Fraction("cpus")) ?? 0,
            Agreed(service, "mem_limit", service.Size("mem_limit"), limits.Size("memory")) ?? default);
        var reserve = new ResourceAmount(reserved.Fraction("cpus") ?? 0,
            Agreed(service, "mem_reservation", service.Size("mem_reservation"), reserved.Size("memory")) ?? default);
        reserved.Instead("are not reserved: labels of workers and placement constraints say where they are", "generic_resources");
        reserved.Silent("devices");
        limits.End();
        reserved.End();
        resources.Silent("limits", "reservations");
        resources.End();
        return new()
        {
            Limit = limit, Reserve = reserve, Pids = pids is > 0 ? pids : null, MemorySwap = Swap(service),
            OomScoreAdj = service.Number("oom_score_adj"), BlkioWeight = Weight(service.Below("blkio_config")),
        };
    }

    /// <summary>Where both places say it, they say the same.</summary>
    private static T? Agreed<T>(Section service, string name, T? own, T? deployed) where T : struct
    {
        if (own is { } one && deployed is { } other && !one.Equals(other))
            service.Wrong(name, $"is {one}, and {other} under deploy.resources: they must agree");
        return deployed ?? own;
    }

    /// <summary>So much of each period, in microseconds, is so many processors.</summary>
    private static double? Quota(Section service)
    {
        var (quota, period) = (service.Fraction("cpu_quota"), service.Fraction("cpu_period"));
        if (quota is null && period is not null) service.Note("cpu_period", "means nothing without cpu_quota");
        return quota is > 0 ? Math.Round(quota.Value / (period is > 0 ? period.Value : PeriodByDefault), 3) : null;
    }

    private static ByteSize? Swap(Section service)
    {
        if (service.Text("memswap_limit") is not ("-1" or "0")) return service.Size("memswap_limit");
        if (service.Text("memswap_limit") == "-1")
            service.Note("memswap_limit", "swap without a bound is not set: a container has as much as its limit of memory");
        return null;
    }

    private static int? Weight(Section blkio)
    {
        var weight = blkio.Number("weight", 10);
        blkio.Instead("is not set: only weight is", "weight_device", "device_read_bps", "device_read_iops", "device_write_bps",
            "device_write_iops");
        blkio.End();
        return weight;
    }
}
