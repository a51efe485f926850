using Orchestrator.Cli.Output;
using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Spectre.Console;

namespace Orchestrator.Cli.Orders;

/// <summary>
/// Waits until a wish is carried out, and shows how it goes: bars on a screen, otherwise a line whenever something has changed.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task<int> Until(
        Session session, string name, Func<ServiceView?, Outlook> judge, TimeSpan timeout, CancellationToken cancel)
    {
        ServiceView? last = null;
        Outlook outlook;
        try
        {
            outlook = await Watch(session, name, judge, timeout, it => last = it ?? last, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            session.Remark($"{name} goes on without you; orc rollout status {name} tells how far it is");
            throw;
        }

        if (outlook.Outcome == Outcome.Failed)
            throw new CliException(ExitCodes.Failed, $"{name}: {outlook.Words}", $"orc explain {name} and orc history {name} tell more");
        if (outlook.Outcome == Outcome.GoesOn)
        {
            throw new CliException(
                ExitCodes.GoesOn, $"{name} is not as wished after {Durations.Format(timeout)}, and goes on: {outlook.Words}",
                $"orc rollout status {name} --watch waits on; orc explain {name} tells why");
        }

        if (session.Results.IsForPeople) session.Out.Line($"{session.Out.Paint("✓", Tone.Good)} {name}: {outlook.Words}");
        else if (last is not null) session.Results.One(last, name, (_, _) => { });
        return ExitCodes.Done;
    }

    private static Task<Outlook> Watch(
        Session session, string name, Func<ServiceView?, Outlook> judge, TimeSpan timeout, Action<ServiceView?> seen,
        CancellationToken cancel)
    {
        if (!session.Moves)
        {
            string? said = null;
            return Look(session, name, judge, timeout, (service, outlook) =>
            {
                seen(service);
                if (outlook.Outcome == Outcome.GoesOn && outlook.Words != said) session.Remark($"{name}: {said = outlook.Words}");
            }, cancel);
        }

        return session.Screen!.Live(new Text("")).AutoClear(true).StartAsync(live =>
            Look(session, name, judge, timeout, (service, outlook) =>
            {
                seen(service);
                if (service is not null) live.UpdateTarget(SlotBars.Of(service, outlook.Words));
            }, cancel));
    }

    private static async Task<Outlook> Look(
        Session session, string name, Func<ServiceView?, Outlook> judge, TimeSpan timeout, Action<ServiceView?, Outlook> show,
        CancellationToken cancel)
    {
        var clock = session.Around.Clock;
        var begin = clock.GetTimestamp();
        while (true)
        {
            var service = await session.Client.Services.Find(name, cancel);
            var outlook = judge(service);
            show(service, outlook);
            if (outlook.Outcome != Outcome.GoesOn || clock.GetElapsedTime(begin) + Pause > timeout) return outlook;
            await Task.Delay(Pause, clock, cancel);
        }
    }
}
