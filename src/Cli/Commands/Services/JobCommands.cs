using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Services;

/// <summary>What runs to its end: made by <c>orc run --mode job</c>, or with a schedule.</summary>
internal static class JobCommands
{
    public static Command Of(Shell shell) => new("job", "What runs to its end") { Run(shell), List(shell), Runs(shell) };

    private static Command Run(Shell shell)
    {
        var name = shell.Service("The job");
        var change = new ChangeOptions();
        return shell.Verb("run", "Begin the next run of a job", [name, .. change.All], (session, cancel) => Changing.Of(
            session, session.Get(name), new RunJob(), change,
            it => $"{it.Name}: run {(it.Job is { } job ? Outlook.Newest(job)?.Number : null)} begins", cancel));
    }

    private static Command List(Shell shell) => shell.Verb("ls", "List all jobs", [], async (session, cancel) =>
    {
        var all = await session.Client.Services.List(cancel: cancel).Where(it => it.Progress is not null).ToListAsync(cancel);
        session.Results.List(Jobs.Lines, all, none: "there is no job; orc run backup:1 --mode job makes one");
    });

    private static Command Runs(Shell shell)
    {
        var name = shell.Service("The job");
        return shell.Verb("runs", "The last runs of a job, and the instances that have ended in them", [name], async (session, cancel) =>
        {
            var service = await session.Client.Services.Get(session.Get(name), cancel);
            if (service.Job is not { } job)
                throw new CliException(ExitCodes.Conflict, $"{service.Name} is no job", $"orc ps {service.Name} lists its instances");
            session.Results.One(job, service.Name, (to, isWide) => Jobs.Details(service.Name, job, session.Now, to, isWide));
        });
    }
}
