using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>Graphics processors, from <c>gpus</c> or from the devices that are reserved.</summary>
internal static class GpuFields
{
    public static string? Of(Section service, Section reservations)
    {
        string? found = null;
        if (service.Take("gpus") is ScalarNode { Text: var word })
        {
            if (word != "all") service.Wrong("gpus", "is all, or a list");
            found = word;
        }
        else
        {
            foreach (var gpu in service.Items("gpus")) found = First(found, gpu, One(gpu));
        }

        foreach (var device in reservations.Items("devices"))
        {
            var wanted = device.Texts("capabilities");
            if (device.Take("capabilities") is null) device.Wrong("capabilities", "is required");
            if (wanted.Contains("gpu")) found = First(found, device, One(device));
            else device.Note("capabilities", "only devices with the capability gpu are given to containers: the others are left out");
            device.Silent("count", "device_ids", "driver", "options");
            device.End();
        }

        return found;
    }

    private static string First(string? found, Section device, string one)
    {
        if (found is not null) device.Note("count", "there is one request for graphics processors: the first one counts");
        return found ?? one;
    }

    private static string One(Section device)
    {
        var (count, ids) = (device.Text("count"), device.Texts("device_ids"));
        if (count is not null && ids.Count > 0) device.Wrong("count", "cannot stand beside device_ids");
        if (count is not (null or "all") && !int.TryParse(count, out _)) device.Wrong("count", "is all or a number");
        device.Instead("is not used: the engine's own counts", "driver", "options");
        device.Silent("capabilities");
        device.End();
        return ids.Count > 0 ? $"device={string.Join(',', ids)}" : count is null or "-1" ? "all" : count;
    }
}
