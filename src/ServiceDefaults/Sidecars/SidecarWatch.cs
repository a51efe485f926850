using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ServiceDefaults.Sidecars;

/// <summary>
/// Notices a sidecar that is dead, and one that is deaf: it calls itself healthy, and no actor anywhere can be reached through it. That
/// happens with a <c>daprd</c> whose connection to placement was cut and which does not see it; it does not heal by itself, so the sidecar
/// is restarted, one at a time on a machine, and ever more seldom.
/// </summary>
/// <remarks>The application makes a call to an actor about once a second: silence means that none was answered.</remarks>
public sealed partial class SidecarWatch : ILoop
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>No look counts for more: this process itself may have been frozen.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2.5);

    /// <summary>Silence after which it is looked what is the matter.</summary>
    private static readonly TimeSpan SuspectAfter = TimeSpan.FromSeconds(2);

    /// <summary>Silence of a healthy sidecar after which callers are told at once.</summary>
    private static readonly TimeSpan DeafAfter = TimeSpan.FromSeconds(4);

    /// <summary>The same, after which it is restarted.</summary>
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(5);

    /// <summary>A sidecar that starts with its application is not well before that is.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(10);

    /// <summary>While nothing has ever been answered: others may not have started yet.</summary>
    private static readonly TimeSpan FirstAnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>So long the other sidecars of the machine wait for this one to answer again.</summary>
    private static readonly TimeSpan TurnLasts = TimeSpan.FromSeconds(3);

    private static readonly Backoff BetweenRestarts = new(First: TimeSpan.FromSeconds(30), Longest: TimeSpan.FromMinutes(10));

    private readonly ISidecar sidecar;
    private readonly SidecarHealth health;
    private readonly MachineTurn machine;
    private readonly TimeProvider clock;
    private readonly Func<double> dice;
    private readonly ILogger<SidecarWatch> log;
    private readonly Counter<long> restartCount;
    private long lookedAt;
    private long answers;
    private TimeSpan silence;
    private int restarts;
    private long restartedAt;
    private TimeSpan pause;

    public SidecarWatch(
        ISidecar sidecar, SidecarHealth health, MachineTurn machine, IMeterFactory meters, TimeProvider clock, Func<double> dice,
        ILogger<SidecarWatch> log)
    {
        (this.sidecar, this.health, this.machine, this.clock, this.dice, this.log) = (sidecar, health, machine, clock, dice, log);
        restartCount = meters.CreateMeter().CreateCounter<long>(
            "orchestrator.sidecar.restarts", "{restart}", "Restarts of the sidecar by its application, because it reached no actor");
        lookedAt = clock.GetTimestamp();
    }

    public async Task Run(CancellationToken stopping)
    {
        while (true)
        {
            // Whoever fails at once is to know soon when that is over.
            await Task.Delay(health.Problem is null ? Beat : Beat / 4, clock, stopping);
            await Look(stopping);
        }
    }

    internal async Task Look(CancellationToken cancel)
    {
        var passed = clock.GetElapsedTime(lookedAt);
        lookedAt = clock.GetTimestamp();
        if (health.Answers != answers)
        {
            if (silence > SuspectAfter) LogBack(silence.TotalSeconds);
            (answers, silence) = (health.Answers, TimeSpan.Zero);
            return;
        }

        silence += passed < LongestLook ? passed : LongestLook;
        if (silence < (answers == 0 ? ReadyWithin : SuspectAfter)) return;
        if (await sidecar.WhyUnhealthy(cancel) is { } why)
        {
            Say($"the sidecar does not answer: {why}");
            health.Happened($"its sidecar did not answer for {silence.TotalSeconds:0} s ({why})");
        }
        else if (await sidecar.ReachesAnyActor(cancel))
        {
            health.Answered();
        }
        else if (silence >= (answers == 0 ? FirstAnswerWithin : DeafAfter))
        {
            Say($"no call to an actor has been answered for {silence.TotalSeconds:0} s, although the sidecar calls itself healthy");
            if (silence >= RestartAfter) await Restart(cancel);
        }
    }

    private void Say(string problem)
    {
        if (health.Problem is null) LogTrouble(problem);
        health.Fails(problem);
    }

    private async Task Restart(CancellationToken cancel)
    {
        if (restarts > 0 && clock.GetElapsedTime(restartedAt) < pause) return;
        using var turn = await Turn(cancel);
        if (turn is null) return;
        LogRestart(silence.TotalSeconds);
        try
        {
            await sidecar.ShutDown(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            LogNotRestarted(e.Message);
        }

        health.Happened($"its sidecar was restarted: it had reached no actor for {silence.TotalSeconds:0} s and called itself healthy");
        restartCount.Add(1);
        pause = BetweenRestarts.Pause(restarts++, dice());
        restartedAt = clock.GetTimestamp();
        do
        {
            await Task.Delay(Beat / 10, clock, cancel);
            if (await sidecar.ReachesAnyActor(cancel)) health.Answered();
        }
        while (health.Problem is not null && clock.GetElapsedTime(restartedAt) < TurnLasts);
    }

    /// <summary>Waits for the others of the machine; none when that took too long, or when it is not needed any more.</summary>
    private async Task<IDisposable?> Turn(CancellationToken cancel)
    {
        for (var began = clock.GetTimestamp(); health.Problem is not null && clock.GetElapsedTime(began) < 2 * TurnLasts;)
        {
            if (machine.TryTake() is { } turn) return turn;
            await Task.Delay(Beat / 10, clock, cancel);
        }

        return null;
    }

    [LoggerMessage(LogLevel.Warning, "Calls fail at once: {Problem}")]
    private partial void LogTrouble(string problem);

    [LoggerMessage(LogLevel.Information, "The sidecar brings answers again, after {Seconds:0} s")]
    private partial void LogBack(double seconds);

    [LoggerMessage(LogLevel.Warning, "The sidecar calls itself healthy and has reached no actor for {Seconds:0} s: it is restarted")]
    private partial void LogRestart(double seconds);

    [LoggerMessage(LogLevel.Warning, "The sidecar could not be told to end: {Error}")]
    private partial void LogNotRestarted(string error);
}
