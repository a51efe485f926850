using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Orders;

/// <summary>Instances as people name them: <c>web/2</c>, <c>web</c>, <c>web-2-r1-a1</c>.</summary>
internal static class SlotNames
{
    /// <summary>None is every slot.</summary>
    public static (string Service, int? Slot) Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return (text, null);
        return int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var slot) && slot > 0
            ? (text[..slash], slot) : throw CliException.Usage($"'{text}' names no slot", "slots are numbered from 1: web/2");
    }

    /// <summary>The instance that is meant: the one that runs, or else the newest.</summary>
    public static async Task<string> Instance(Session session, string text, CancellationToken cancel)
    {
        if (InstanceName.TryParse(text, out _)) return text;
        var (name, slot) = Parse(text);
        var service = await session.Client.Services.Get(name, cancel);
        var slots = service.Instances.Select(it => it.Slot).Distinct().Order().ToList();
        if (slot is null && slots.Count > 1)
            throw CliException.Usage($"{name} has {slots.Count} instances",
                $"say which: {string.Join(", ", slots.Take(5).Select(it => $"{name}/{it}"))}");
        return service.Instances.Where(it => slot is null || it.Slot == slot)
            .OrderByDescending(it => it.Phase == Phase.Running).ThenByDescending(it => it.Revision).ThenByDescending(Attempt)
            .FirstOrDefault()?.Name
            ?? throw new CliException(
                ExitCodes.NotFound, slot is null ? $"{name} has no instance now" : $"slot {slot} of {name} has no instance now",
                $"orc explain {name} tells why");
    }

    private static int Attempt(InstanceView it) => InstanceName.TryParse(it.Name, out var name) ? name.Attempt : 0;
}
