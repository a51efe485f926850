using System.CommandLine;
using System.Net;
using Orchestrator.Cli.Output;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Cli.Commands.Members;

internal static class DrainCommands
{
    /// <summary>So long a master is asked to wait at a time, so that what holds the worker is seen meanwhile.</summary>
    private const int AtATime = 2;

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show the steps with their reasons" };

    public static IEnumerable<Command> Of(Shell shell) => [Drain(shell), Undrain(shell)];

    private static Command Drain(Shell shell)
    {
        var worker = shell.Worker();
        var wait = new Option<bool>("--wait") { Description = "Wait until it is empty" };
        var timeout = new DurationOption("--timeout", "With --wait: for so long at most", TimeSpan.FromMinutes(10));
        return shell.Verb(
            "drain", "Nothing new on a worker, and what is there is moved, start first", [worker, wait, timeout, DryRun], async (session, cancel) =>
            {
                var name = session.Get(worker);
                if (session.Get(DryRun))
                {
                    Views.Plans.Show(session.Results, name, await session.Client.Workers.PlanDrain(name, cancel));
                    return;
                }

                if (!session.Get(wait))
                {
                    await session.Client.Workers.Drain(name, cancel);
                    session.Remark($"{name} drains; orc drain {name} --wait waits until it is empty, orc undrain {name} takes it back");
                    return;
                }

                var answer = await UntilEmpty(session, name, session.Get(timeout), cancel);
                session.Results.One(answer, name, (to, _) => to.Line($"{to.Paint("✓", Tone.Good)} {name} is empty"));
            });
    }

    private static async Task<DrainAnswer> UntilEmpty(Session session, string name, TimeSpan timeout, CancellationToken cancel)
    {
        var (clock, said) = (session.Around.Clock, new HashSet<string>());
        var begin = clock.GetTimestamp();
        while (true)
        {
            var left = timeout - clock.GetElapsedTime(begin);
            try
            {
                return await session.Client.Workers.DrainAndWait(name, (int)Math.Clamp(left.TotalSeconds, 1, AtATime), cancel);
            }
            catch (ProblemException e) when (e.Status == HttpStatusCode.Conflict && e.Holds.Count > 0)
            {
                foreach (var holds in e.Holds.Where(said.Add)) session.Remark(holds);
                if (clock.GetElapsedTime(begin) < timeout) continue;
                throw new CliException(
                    ExitCodes.GoesOn,
                    $"{name} is not empty after {Durations.Format(timeout)}, and drains on: {string.Join("; ", e.Holds)}",
                    $"orc drain {name} --wait waits on; orc undrain {name} takes it back");
            }
        }
    }

    private static Command Undrain(Shell shell)
    {
        var worker = shell.Worker();
        return shell.Verb("undrain", "A worker takes instances again", [worker, DryRun], async (session, cancel) =>
        {
            var name = session.Get(worker);
            if (session.Get(DryRun))
            {
                Views.Plans.Show(session.Results, name, await session.Client.Workers.PlanUndrain(name, cancel));
                return;
            }

            await session.Client.Workers.Undrain(name, cancel);
            session.Remark($"{name} takes instances again; orc rebalance SERVICE moves some there");
        });
    }
}
