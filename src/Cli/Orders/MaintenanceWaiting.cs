using Orchestrator.Cli.Output;
using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Orders;

/// <summary>Waits until a worker may be worked on, or until a round is over, and tells each thing that holds one once.</summary>
internal static class MaintenanceWaiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Task<int> UntilReady(Session session, string worker, TimeSpan timeout, CancellationToken cancel) => Until(
        session, worker, timeout, all => all.Workers.FirstOrDefault(it => it.Worker == worker) switch
        {
            null => new(Outcome.Failed, "somebody has ended it"),
            { State: MaintenanceState.Ready } => new(Outcome.Done, "is empty, and may be worked on"),
            { State: MaintenanceState.Failed, Note: var note } => new(Outcome.Failed, note ?? "it was not empty in time"),
            { Holds: var holds } => new(Outcome.GoesOn, holds.Count > 0 ? string.Join("; ", holds) : "is being emptied"),
        }, cancel);

    public static Task<int> UntilOver(Session session, TimeSpan timeout, CancellationToken cancel) => Until(
        session, "maintenance", timeout, all => all.Round switch
        {
            null => new(Outcome.Failed, "there is no round"),
            { State: MaintenanceRoundState.Running } round => new(Outcome.GoesOn, Maintenances.Words(round)),
            { State: MaintenanceRoundState.Done } round => new(Outcome.Done, Maintenances.Words(round)),
            { } round => new(Outcome.Failed, Maintenances.Words(round)),
        }, cancel);

    private static async Task<int> Until(
        Session session, string of, TimeSpan timeout, Func<MaintenanceList, Outlook> judge, CancellationToken cancel)
    {
        var (clock, said) = (session.Around.Clock, "");
        var begin = clock.GetTimestamp();
        while (true)
        {
            var all = await session.Client.Maintenance.List(cancel);
            var outlook = judge(all);
            if (outlook.Outcome == Outcome.Done)
            {
                session.Results.One(all, of, (to, _) => to.Line($"{to.Paint("✓", Tone.Good)} {of}: {outlook.Words}"));
                return ExitCodes.Done;
            }

            if (outlook.Outcome == Outcome.Failed)
                throw new CliException(ExitCodes.Failed, $"{of}: {outlook.Words}", "orc maintenance tells how things are");
            if (clock.GetElapsedTime(begin) + Pause > timeout)
            {
                throw new CliException(
                    ExitCodes.GoesOn, $"{of}: it goes on after {Durations.Format(timeout)}: {outlook.Words}",
                    "orc maintenance --watch shows how; orc maintenance end WORKER takes it back");
            }

            if (outlook.Words != said) session.Remark($"{of}: {said = outlook.Words}");
            await Task.Delay(Pause, clock, cancel);
        }
    }
}
