using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Looking;

internal static class InspectCommand
{
    public static Command Of(Shell shell)
    {
        var of = shell.Instance();
        return shell.Verb("inspect", "All about one instance: what was decided, what its worker and its engine say", [of], async (session, cancel) =>
        {
            var it = await session.Client.Instances.Get(await SlotNames.Instance(session, session.Get(of), cancel), cancel);
            session.Results.One(it, it.Name, (to, _) => Tell(it, session.Now, to));
        });
    }

    private static void Tell(InstanceDetails it, DateTimeOffset now, Writing to)
    {
        var (instance, container) = (it.Instance, it.Container);
        to.Pairs(
        [
            ("Instance", new(it.Name, Tone.Strong)), ("Service", it.Service), ("Worker", it.Worker),
            ("State", instance is not null ? Views.Instances.State(instance) : it.Kept ? "ended, and kept for looking at it" : ""),
            ("Why", instance?.Reason), ("Message", instance?.Message), ("Cause of end", it.Cause?.Word()),
            ("Restarts", it.Restarts > 0 ? $"{it.Restarts} in this revision" : ""),
            ("Image", container?.Image ?? it.Asked?.Image), ("Command", string.Join(' ', container?.Command ?? [])),
            ("Container", container is { } one ? $"{one.Id[..Math.Min(12, one.Id.Length)]}, {one.State}" : ""),
            ("Exit code", container?.ExitCode is { } code ? $"{code}" : ""), ("Engine says", container?.Error),
            ("Out of memory", container is { OutOfMemory: true } ? new Cell("yes", Tone.Bad) : ""),
            ("Started", Ago(container?.StartedAt, now)), ("Ended", Ago(container?.EndedAt, now)),
            ("Networks", string.Join(", ", container?.Networks.Select(network => $"{network.Key} {network.Value}") ?? [])),
            ("Mounts", string.Join(", ", container?.Mounts.Select(mount => $"{mount.Source}:{mount.Target}") ?? [])),
            ("Note", it.Note),
        ]);
        if (it.LastLines.Count == 0) return;
        to.Line();
        to.Line(to.Paint("its last lines:", Tone.Faint));
        foreach (var line in it.LastLines) to.Line($"  {line.Line}");
    }

    private static string Ago(DateTimeOffset? then, DateTimeOffset now) => then is null ? "" : $"{Words.Age(then, now)} ago";
}
