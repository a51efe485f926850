using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Members;

/// <summary>Taking workers out to work on their machines.</summary>
internal static class MaintenanceCommands
{
    public static Command Of(Shell shell)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Again whenever something changes" };
        var command = shell.Verb("maintenance", "Workers that are taken out to work on their machines", [watch], async (session, cancel) =>
        {
            if (session.Get(watch))
            {
                await Watching.Of(
                    session, Maintenances.Of, async stop => [.. (await session.Client.Maintenance.List(stop)).Workers], cancel);
                return;
            }

            var all = await session.Client.Maintenance.List(cancel);
            session.Results.List(
                Maintenances.Of(session.Now), all.Workers, all,
                none: "no worker is in maintenance; orc maintenance begin WORKER takes one out");
            if (all.Round is { } round) session.Remark(Maintenances.Words(round));
        });
        command.Add(Begin(shell));
        command.Add(End(shell));
        command.Add(Stop(shell));
        return command;
    }

    private static Command Begin(Shell shell)
    {
        var workers = new Argument<string[]>("worker")
        {
            Description = "One, or several one after the other", Arity = ArgumentArity.ZeroOrMore,
            CompletionSources = { _ => shell.Names.Workers() },
        };
        var all = new Option<bool>("--all") { Description = "All workers, one after the other" };
        var atATime = Shell.Number("--at-a-time", "Of several: so many are away at a time; 1 by default", 1, 100);
        var reason = new Option<string?>("--reason", "--why") { Description = "For those who look", HelpName = "words" };
        var deadline = new DurationOption(
            "--deadline", "So long it may take until a worker is empty, and of several until it is back", TimeSpan.FromMinutes(30));
        var wait = new Option<bool>("--wait") { Description = "Wait until it may be worked on, or all have come back" };
        var timeout = new DurationOption("--timeout", "With --wait: for so long at most", TimeSpan.FromMinutes(30));
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the steps with their reasons" };
        return shell.Verb(
            "begin", "Drain workers, and say when they may be worked on", [workers, all, atATime, reason, deadline, wait, timeout, dryRun],
            async (session, cancel) =>
            {
                var names = session.Get(workers).Distinct().ToList();
                if (names.Count == 0 == !session.Get(all))
                    throw CliException.Usage("no worker is named, or some and --all", "orc maintenance begin worker-a, or --all");
                if (session.Get(dryRun))
                {
                    foreach (var name in names)
                        Plans.Show(session.Results, name, await session.Client.Workers.PlanDrain(name, cancel));
                    return ExitCodes.Done;
                }

                var why = session.Get(reason) ?? "";
                var until = session.Get(timeout);
                if (names is [var one])
                {
                    var begun = await session.Client.Maintenance.TakeOut(one, new(why, session.Get(deadline)), cancel);
                    if (session.Get(wait)) return await MaintenanceWaiting.UntilReady(session, one, until, cancel);
                    session.Results.One(begun, one, (to, _) => to.Line($"{one}: is being emptied; orc maintenance tells when it is"));
                    return ExitCodes.Done;
                }

                var wish = new MaintenanceRoundWish(
                    names.Count == 0 ? null : names.ToValueList(), session.Get(atATime) ?? 1, why, session.Get(deadline));
                var round = await session.Client.Maintenance.BeginRound(wish, cancel);
                if (session.Get(wait)) return await MaintenanceWaiting.UntilOver(session, until, cancel);
                session.Results.One(round, "round", (to, _) => to.Line(Maintenances.Words(round)));
                return ExitCodes.Done;
            });
    }

    private static Command End(Shell shell)
    {
        var worker = shell.Worker();
        var rebalance = new Option<bool>("--rebalance") { Description = "Move instances there" };
        return shell.Verb("end", "The worker takes instances again", [worker, rebalance], async (session, cancel) =>
        {
            await session.Client.Maintenance.End(session.Get(worker), session.Get(rebalance), cancel);
            session.Remark($"{session.Get(worker)}: takes instances again in a moment");
        });
    }

    private static Command Stop(Shell shell) => shell.Verb(
        "stop", "Take no further worker out; those that are out stay so", [], async (session, cancel) =>
        {
            await session.Client.Maintenance.StopRound(cancel);
            session.Remark("no further worker is taken out; orc maintenance end WORKER brings one back");
        });
}
