using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Services;

/// <summary>What can be asked of the rollout of a revision.</summary>
internal static class RolloutCommands
{
    public static IEnumerable<Command> Of(Shell shell) =>
    [
        RollBackCommand(shell), Restart(shell),
        Simple(shell, "pause", "Hold an update, or the schedule of a job", new PauseRollout(), " is held; orc resume goes on"),
        Simple(shell, "resume", "Go on with an update, or the schedule of a job", new ResumeRollout(), " goes on"),
        Simple(shell, "rebalance", "Even the spread over the workers out", new RebalanceInstances(), null),
        new Command("rollout", "How far an update is") { Status(shell) },
    ];

    private static Command RollBackCommand(Shell shell)
    {
        var name = shell.Service();
        var to = Shell.Number("--to", "A kept revision; the one before by default", 1, int.MaxValue, "revision");
        var change = new ChangeOptions();
        return shell.Verb("rollback", "Return to an earlier revision", [name, to, .. change.All], (session, cancel) => Changing.Of(
            session, session.Get(name), new RollBack(session.Get(to)), change, it => $"{it.Name}: back to revision {it.Revision}", cancel));
    }

    private static Command Restart(Shell shell)
    {
        var name = shell.Service();
        var pull = new Option<bool>("--pull") { Description = "Only when the image's tag, a secret or a config has moved" };
        var change = new ChangeOptions();
        return shell.Verb("restart", "Replace all instances, as an update would", [name, pull, .. change.All], (session, cancel) => Changing.Of(
            session, session.Get(name), new RestartInstances(session.Get(pull)), change,
            it => it.Rollout is null && session.Get(pull) ? $"{it.Name}: {it.LastRollout ?? "nothing has moved"}"
                : $"{it.Name}: its instances are replaced",
            cancel));
    }

    private static Command Simple(Shell shell, string verb, string description, ServiceChange wish, string? said)
    {
        var name = shell.Service();
        var change = new ChangeOptions();
        return shell.Verb(verb, description, [name, change.DryRun, change.Why], (session, cancel) => Changing.Of(
            session, session.Get(name), wish, change, it =>
                said is null ? $"{it.Name}: instances move while that evens them out" : $"{it.Name}: {What(it)}{said}", cancel));
    }

    private static string What(ServiceView it) => it.Job is null ? "its rollout" : "its schedule";

    private static Command Status(Shell shell)
    {
        var name = shell.Service();
        var watch = new Option<bool>("--watch", "-w") { Description = "Wait until it is over" };
        var timeout = new DurationOption("--timeout", "With --watch: for so long at most", TimeSpan.FromMinutes(10));
        return shell.Verb("status", "How far an update is, or how the last one ended", [name, watch, timeout], async (session, cancel) =>
        {
            var service = await session.Client.Services.Get(session.Get(name), cancel);
            if (session.Get(watch)) return await Waiting.Until(session, service.Name, Outlook.For(service), session.Get(timeout), cancel);
            session.Results.One(service, service.Name, (to, _) => to.Pairs(
            [
                ("Service", new(service.Name, Tone.Strong)), ("Revision", $"{service.Revision}"),
                ("Rollout", service.Rollout ?? (service.LastRollout is null ? "none is under way" : "")),
                ("Last rollout", service.LastRollout), ("Paused", service.Paused),
                ("Instances", $"{service.Running?.ToString() ?? "?"}/{service.Spec.Instances} run"),
            ]));
            return ExitCodes.Done;
        });
    }
}
