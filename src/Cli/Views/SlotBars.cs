using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Cli.Views;

/// <summary>A service on its way, a bar for each slot: how far the newest instance in it is.</summary>
internal static class SlotBars
{
    private const int Length = 16;
    private const int Most = 20;

    public static IRenderable Of(ServiceView service, string words)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap());
        var slots = Slots(service).ToList();
        foreach (var it in slots.Take(Most))
        {
            grid.AddRow(
                new Markup($"[grey]slot {it.Slot}[/]"), new Markup(Bar(it)),
                new Text(it.Instance is { } one ? $"{one.Name} on {one.Worker}" : ""),
                new Text(it.Words));
        }

        var head = new Markup($"[bold]{service.Name.EscapeMarkup()}[/] [grey]{words.EscapeMarkup()}[/]");
        return slots.Count <= Most ? new Rows(head, grid)
            : new Rows(head, grid, new Markup($"[grey]and {slots.Count - Most} more, {slots.Skip(Most).Count(it => it.IsDone)} of them done[/]"));
    }

    public static IEnumerable<SlotProgress> Slots(ServiceView service)
    {
        var bySlot = service.Instances.ToLookup(it => it.Slot);
        var wanted = service.Spec.Mode == ServiceMode.Global || service.Withdrawing ? 0 : service.Spec.Instances;
        return Enumerable.Range(1, wanted).Concat(bySlot.Select(it => it.Key)).Distinct().Order()
            .Select(slot => SlotProgress.Of(slot, bySlot[slot], service.Revision));
    }

    private static string Bar(SlotProgress slot)
    {
        var full = (int)Math.Round(slot.Done * Length);
        var colour = slot.IsBad ? "red" : slot.IsOld ? "grey" : slot.IsDone ? "green" : "yellow";
        return $"[{colour}]{new string('━', full)}[/][grey]{new string('─', Length - full)}[/]";
    }
}

/// <summary>How far a slot is.</summary>
/// <param name="Done">0 to 1.</param>
/// <param name="IsOld">Whether an earlier revision still runs in it.</param>
internal sealed record SlotProgress(int Slot, InstanceView? Instance, double Done, string Words, bool IsDone, bool IsOld, bool IsBad)
{
    public static SlotProgress Of(int slot, IEnumerable<InstanceView> instances, int revision)
    {
        var newest = instances.OrderBy(it => it.Revision).ThenBy(it => Attempt(it.Name)).LastOrDefault();
        if (newest is null) return new(slot, null, 0, "waits for a place", IsDone: false, IsOld: false, IsBad: false);
        var (isOld, isBad) = (newest.Revision != revision, newest.Health == InstanceHealth.Unhealthy || newest.Phase == Phase.Exited);
        var words = isOld && newest.Phase == Phase.Running ? $"revision {newest.Revision}" : newest.Message ?? State(newest);
        return new(slot, newest, Part(newest), words, !isOld && !isBad && Part(newest) == 1, isOld, isBad);
    }

    private static double Part(InstanceView instance) => instance.Phase switch
    {
        Phase.Placed => 0.1,
        Phase.Starting => 0.4,
        Phase.Prepared => 0.6,
        Phase.Running when instance.Health == InstanceHealth.Starting => 0.8,
        _ => 1,
    };

    private static string State(InstanceView instance) => Instances.State(instance).Text;

    private static int Attempt(string name) => InstanceName.TryParse(name, out var parts) ? parts.Attempt : 0;
}
