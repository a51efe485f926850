using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Cli.Commands.Content;

/// <summary>Volumes come with the services that name them: nobody sets one.</summary>
internal static class VolumeCommands
{
    private static readonly View<VolumeView> View = new(
        it => it.Name,
        new("NAME", it => it.Name), new("WORKER", it => it.Worker), new("SIZE", it => it.Size is { } size ? Words.Bytes(size.Bytes) : ""),
        new("DRIVER", it => it.Driver, IsWide: true),
        new("OF", it => string.Join(", ", it.Holders.Select(holder => $"{holder.Service}/{string.Join(',', holder.Slots)}"))),
        new("IN USE", it => it.InUse ? new Cell(string.Join(", ", it.Containers), Tone.Good) : "no"));

    public static Command Of(Shell shell) =>
        new("volume", "Volumes with a name, on the workers") { List(shell), Remove(shell), Release(shell) };

    private static Option<string?> Worker(Shell shell)
    {
        var worker = new Option<string?>("--worker") { Description = "The worker on which it is", HelpName = "worker" };
        worker.CompletionSources.Add(_ => shell.Names.Workers());
        return worker;
    }

    private static Command List(Shell shell)
    {
        var worker = Worker(shell);
        return shell.Verb("ls", "List volumes", [worker], async (session, cancel) =>
        {
            var all = await session.Client.Volumes.List(session.Get(worker), cancel);
            session.Results.List(View, all.Volumes, all, none: "no worker has a volume with a name");
            foreach (var unheard in all.Unheard) session.Remark($"# {unheard}");
        });
    }

    private static Command Remove(Shell shell)
    {
        var (worker, options) = (Worker(shell), new ContentOptions());
        worker.Required = true;
        var name = new Argument<string>("name") { Description = "The volume", CompletionSources = { _ => shell.Names.Volumes() } };
        return shell.Verb("rm", "Remove a volume from a worker, with all that is in it", [name, worker, options.Yes, options.DryRun],
            async (session, cancel) =>
            {
                var (it, where) = (session.Get(name), session.Get(worker)!);
                var plan = await session.Client.Volumes.PlanDelete(it, where, cancel);
                if (session.Get(options.DryRun))
                {
                    Views.Plans.Show(session.Results, it, plan);
                    return;
                }

                Asking.Sure(session, session.Get(options.Yes), $"Remove volume {it} of {where} with all that is in it?");
                await session.Client.Volumes.Delete(it, where, cancel);
                session.Remark($"{it}: removed from {where}");
            });
    }

    private static Command Release(Shell shell)
    {
        var (name, change, options) = (shell.Service(), new ChangeOptions(), new ContentOptions());
        var slot = Shell.Number("--slot", "Only of this slot", 1, int.MaxValue);
        return shell.Verb(
            "release", "A slot that waits for the worker which has its volume begins elsewhere, without it",
            [name, slot, options.Yes, change.DryRun, change.Why], (session, cancel) =>
            {
                if (!session.Get(change.DryRun))
                    Asking.Sure(session, session.Get(options.Yes), $"Let {session.Get(name)} leave behind what its volumes hold?");
                return Changing.Of(
                    session, session.Get(name), new ReleaseVolume(session.Get(slot)), change, it =>
                        $"{it.Name}: may begin elsewhere", cancel);
            });
    }
}
