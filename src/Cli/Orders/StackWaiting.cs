using System.Net;
using Orchestrator.Cli.Output;
using Orchestrator.Cli.Views;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Spectre.Console;

namespace Orchestrator.Cli.Orders;

/// <summary>Waits until a deployment has ended: its waves on a screen, otherwise a line for each service that has come on.</summary>
internal static class StackWaiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="wished">How it is to end.</param>
    public static async Task<int> Until(
        Session session, string name, StackDeployment begun, DeploymentState wished, TimeSpan timeout, CancellationToken cancel)
    {
        StackDeployment last;
        try
        {
            last = await Watch(session, name, begun, timeout, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            session.Remark($"{name} goes on without you; orc stack inspect {name} tells how far it is, orc stack cancel {name} takes it back");
            throw;
        }

        if (GoesOn(last))
        {
            throw new CliException(
                ExitCodes.GoesOn, $"{name}: deployment {last.Id} is {last.State.Word()} after {Durations.Format(timeout)}, and goes on",
                $"orc stack inspect {name} tells how far it is, orc stack cancel {name} takes it back");
        }

        if (last.State != wished)
        {
            throw new CliException(
                ExitCodes.Failed, $"{name}: deployment {last.Id} is {last.State.Word()}{(last.Reason is { } reason ? $": {reason}" : "")}",
                last.State == DeploymentState.Paused ? $"orc stack resume {name} tries again, orc stack cancel {name} takes it back"
                    : $"orc stack inspect {name} tells more");
        }

        session.Results.One(last, name, (to, _) => to.Line($"{to.Paint("✓", Tone.Good)} {name}: {Ended(last)}"));
        return ExitCodes.Done;
    }

    private static string Ended(StackDeployment it) =>
        it.State == DeploymentState.Cancelled ? $"deployment {it.Id} is cancelled, and all is what it was before"
        : it.Action == StackAction.Remove ? "nothing is left of it"
        : $"deployment {it.Id} is done, {Words.Count(it.Waves.Sum(wave => wave.Steps.Count), "service")}";

    private static bool GoesOn(StackDeployment it) =>
        it.State is DeploymentState.Waiting or DeploymentState.Running or DeploymentState.RollingBack;

    private static Task<StackDeployment> Watch(
        Session session, string name, StackDeployment begun, TimeSpan timeout, CancellationToken cancel)
    {
        if (session.Moves)
        {
            return session.Screen!.Live(new Text("")).AutoClear(true).StartAsync(live =>
                Look(session, name, begun, timeout, it => live.UpdateTarget(StackWaves.Of(name, it, session.Now)), cancel));
        }

        var told = new HashSet<string>();
        return Look(session, name, begun, timeout, it =>
        {
            foreach (var line in StackWaves.Lines(name, it).Where(told.Add)) session.Remark(line);
        }, cancel);
    }

    private static async Task<StackDeployment> Look(
        Session session, string name, StackDeployment begun, TimeSpan timeout, Action<StackDeployment> show, CancellationToken cancel)
    {
        var clock = session.Around.Clock;
        var since = clock.GetTimestamp();
        for (var now = begun; ; now = await Next(session, name, now, cancel))
        {
            show(now);
            if (!GoesOn(now) || clock.GetElapsedTime(since) + Pause > timeout) return now;
            await Task.Delay(Pause, clock, cancel);
        }
    }

    /// <summary>What has been removed is forgotten, with all that was done to it.</summary>
    private static async Task<StackDeployment> Next(Session session, string name, StackDeployment last, CancellationToken cancel)
    {
        try
        {
            return await session.Client.Stacks.Deployment(name, last.Id, cancel);
        }
        catch (ProblemException e) when (e.Status == HttpStatusCode.NotFound && last.Action == StackAction.Remove)
        {
            return last with { State = DeploymentState.Done };
        }
    }
}
