using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Cli.Commands.Members;

internal static class MembersCommand
{
    private static readonly View<Member> View = new(
        it => it.Name,
        new("NAME", it => it.Name), new("ROLE", it => it.Role.Word()), new("STATUS", Status), new("ADDRESS", it => it.Address),
        new("CPU", it => it.Load is { } load ? Words.Percent(load.Cpu) : ""),
        new("MEMORY", it => it.Load is { } load ? Words.Percent(load.Memory) : ""),
        new("INSTANCES", it => it.Load is { } load ? $"{load.Instances}" : ""),
        new("RESERVED", Reserved, IsWide: true), new("HEARD", it => $"{Words.Long(it.Silence)} ago", IsWide: true),
        new("LABELS", it => string.Join(", ", it.Labels.Select(label => $"{label.Key}={label.Value}")), IsWide: true),
        new("NOTE", it => it.Note));

    public static Command Of(Shell shell)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Again whenever something changes" };
        var command = shell.Verb("members", "Masters and workers", [watch], async (session, cancel) =>
        {
            if (session.Get(watch))
            {
                await Watching.Of(session, _ => View, async stop =>
                    [.. (await session.Client.Members.List(stop)).Members.Select(Still)], cancel);
                return;
            }

            var all = await session.Client.Members.List(cancel);
            session.Results.List(View, all.Members, all);
            if (all.Brake is { } brake) session.Remark($"{session.Error.Paint("brake", Tone.Bad)}: {brake}; orc members overrule-brake says otherwise");
        });
        command.Add(Overrule(shell));
        command.Add(ConfirmLoss(shell));
        return command;
    }

    /// <summary>What changes all the time is no change.</summary>
    private static Member Still(Member it) =>
        it with { Silence = TimeSpan.Zero, Load = it.Load is { } load ? load with { Cpu = 0, Memory = 0 } : null };

    private static Command Overrule(Shell shell)
    {
        var (yes, dryRun) = (Yes(), DryRun());
        return shell.Verb(
            "overrule-brake", "Declare silent workers lost although more have vanished than remain", [yes, dryRun], async (session, cancel) =>
            {
                var plan = await session.Client.Members.PlanOverrule(cancel);
                if (session.Get(dryRun))
                {
                    Views.Plans.Show(session.Results, "brake", plan);
                    return;
                }

                Asking.Sure(session, session.Get(yes), $"Declare {Words.Count(plan.Steps.Count, "silent worker")} lost?");
                await session.Client.Members.OverruleBrake(cancel);
                session.Remark("the brake is overruled");
            });
    }

    private static Command ConfirmLoss(Shell shell)
    {
        var (yes, dryRun) = (Yes(), DryRun());
        var workers = new Argument<string[]>("worker")
        {
            Description = "Those that are gone", Arity = ArgumentArity.OneOrMore, CompletionSources = { _ => shell.Names.Workers() },
        };
        return shell.Verb("confirm-loss", "Say that silent workers are gone", [workers, yes, dryRun], async (session, cancel) =>
        {
            var names = session.Get(workers);
            if (session.Get(dryRun))
            {
                Views.Plans.Show(session.Results, string.Join(", ", names), await session.Client.Members.PlanConfirmLoss(names, cancel));
                return;
            }

            Asking.Sure(session, session.Get(yes), $"Are you sure that {string.Join(", ", names)} will not come back by itself?");
            await session.Client.Members.ConfirmLoss(names, cancel);
            session.Remark($"{string.Join(", ", names)}: taken for gone");
        });
    }

    private static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    private static Option<bool> DryRun() => new("--dry-run") { Description = "Only show the steps with their reasons" };

    private static Cell Status(Member it) => it switch
    {
        { Status: WorkerHealth.Lost } => new("lost", Tone.Bad),
        { Status: WorkerHealth.Suspect } => new("suspect", Tone.Busy),
        { Draining: true } => new("draining", Tone.Busy),
        _ => new("ready", Tone.Good),
    };

    private static Cell Reserved(Member it) => it is { Load.Reserved: { } reserved, Capacity: { } capacity }
        ? $"{Words.Number(reserved.Cpu)}/{Words.Number(capacity.Cpu)} cores, {Words.Bytes(reserved.Memory.Bytes)}/{Words.Bytes(capacity.Memory.Bytes)}" : "";
}
