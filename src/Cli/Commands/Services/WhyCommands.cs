using System.CommandLine;
using System.Globalization;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Services;

/// <summary>Why things are as they are.</summary>
internal static class WhyCommands
{
    private static readonly View<RevisionView> Revisions = new(
        it => $"{it.Number}", new("REVISION", it => it.InForce ? new Cell($"{it.Number} (in force)", Tone.Good) : $"{it.Number}"),
        new("IMAGE", it => it.Spec.Container.Image), new("WHO", it => it.Who), new("WHY", it => it.Why));

    public static IEnumerable<Command> Of(Shell shell) => [Explain(shell), History(shell)];

    private static Command Explain(Shell shell)
    {
        var name = shell.Service();
        var slot = Shell.Number("--slot", "Only this slot", 1, int.MaxValue);
        return shell.Verb("explain", "Why each instance runs where it runs, or does not run yet", [name, slot], async (session, cancel) =>
        {
            var asked = session.Get(slot);
            var all = await session.Client.Services.Explain(session.Get(name), asked ?? 1, cancel);
            if (asked is { } number)
            {
                all = all with { Slots = all.Slots.Where(it => it.Slot == number).ToValueList(), Next = null };
                if (all.Slots.Count == 0)
                    throw new CliException(ExitCodes.NotFound, $"{all.Name} has no slot {number}", $"orc ps {all.Name} shows its slots");
            }
            else if (all.Next is { } next)
            {
                var rest = await session.Client.Services.ExplainSlots(all.Name, next, cancel).ToListAsync(cancel);
                all = all with { Slots = all.Slots.Concat(rest).ToValueList(), Next = null };
            }

            session.Results.One(all, all.Name, (to, isWide) => Tell(all, to, isWide || asked is not null));
        });
    }

    private static void Tell(ServiceExplanation all, Writing to, bool isWide)
    {
        to.Line($"{to.Paint(all.Name, Tone.Strong)} revision {all.Revision}; updates: {all.UpdateOrder}");
        to.Pairs([("rollout", all.Rollout), ("last rollout", all.LastRollout)]);
        foreach (var slot in all.Slots)
        {
            to.Line();
            to.Line(slot.Instance is null ? to.Paint($"slot {slot.Slot}: no instance", Tone.Busy)
                : $"slot {slot.Slot}: {to.Paint(slot.Instance, Tone.Strong)} on {slot.Worker}, {slot.Phase?.Word()}");
            to.Pairs(
            [
                ("  why", slot.Reason), ("  waits", new(slot.Waiting ?? "", Tone.Busy)), ("  failed", new(slot.Failures ?? "", Tone.Bad)),
                ("  refused by", slot.Candidates.Count > 0 && !isWide ? ""
                    : string.Join(", ", slot.Refusals.Select(it => $"{it.Rule} ({Words.Count(it.Workers, "worker")})"))),
            ]);
            if (!isWide && slot.Instance is not null) continue;
            foreach (var it in slot.Candidates)
            {
                to.Line(string.Create(CultureInfo.InvariantCulture,
                    $"  {it.Worker}: score {it.Score:0.###} now, {it.Here} of it there, load {it.Load * 100:0} %{(it.HasImage ? ", has the image" : "")}"));
            }

            foreach (var it in slot.Refused) to.Line($"  {it.Worker}: {to.Paint(it.Rule, Tone.Bad)}: {it.Why}");
        }
    }

    private static Command History(Shell shell)
    {
        var name = shell.Service();
        return shell.Verb("history", "What happened to a service, and the revisions that can be returned to", [name], async (session, cancel) =>
        {
            var history = await session.Client.Services.History(session.Get(name), cancel);
            session.Results.One(history, history.Name, (to, isWide) =>
            {
                to.Table(Revisions.Titles(isWide), [.. history.Revisions.Select(it => Revisions.Row(it, isWide))]);
                to.Line();
                foreach (var it in history.Events)
                    to.Line($"{to.Paint(Words.Time(it.At, session.Now), Tone.Faint)}  {it.What}{(it.Who is { Length: > 0 } who ? $" ({who})" : "")}");
            });
        });
    }
}
