using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent.Health;

/// <summary>
/// Asks every running instance that has a probe, each in its own time: one loop for all of them, which waits for whoever is due next, and
/// asks so many at most at once. A server that hangs holds up the others for a second at most.
/// </summary>
internal sealed partial class Prober : ILoop, IDisposable
{
    /// <summary>Bounds the rush when many are due, not how many wait for an answer.</summary>
    private const int MostAtOnce = 256;

    /// <summary>
    /// So long a question keeps its place; after that it goes on waiting beside the others. A connection that hangs costs next to nothing,
    /// and there is one for each probe at most.
    /// </summary>
    private static readonly TimeSpan KeepsItsPlace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Instance, ProbeKind Kind), Watched> watched = [];
    private readonly PriorityQueue<Watched, DateTimeOffset> due = new();
    private readonly InstanceBook book;
    private readonly IProbes probes;
    private readonly WorkerMetrics metrics;
    private readonly TimeProvider clock;
    private readonly Func<double> dice;
    private readonly ILogger<Prober> log;
    private readonly Bell bell;
    private int asking;

    public Prober(
        InstanceBook book, IProbes probes, WorkerMetrics metrics, TimeProvider clock, Func<double> dice, ILogger<Prober> log)
    {
        (this.book, this.probes, this.metrics, this.clock, this.dice, this.log) = (book, probes, metrics, clock, dice, log);
        bell = new(clock);
        book.Changed += LookAt;
        book.Removed += LookAt;
    }

    public async Task Run(CancellationToken stopping)
    {
        while (true) await bell.Wait(AskThoseDue(stopping), stopping);
    }

    public void Dispose() => bell.Dispose();

    /// <summary>Begins or ends the watch over an instance, as it is in the book now: changes may be told in another order.</summary>
    private void LookAt(Instance changed)
    {
        if (changed.Footprint is { Health: null, Readiness: null }) return;
        var rings = false;
        lock (gate)
        {
            var now = book.Find(changed.Name.ToString());
            rings |= Watch(changed, ProbeKind.Health, now, now?.Footprint.Health, now?.Observed.Health);
            rings |= Watch(changed, ProbeKind.Readiness, now, now?.Footprint.Readiness, now?.Observed.Readiness);
        }

        if (rings) bell.Ring();
    }

    private bool Watch(Instance changed, ProbeKind kind, Instance? now, HealthProbe? probe, InstanceHealth? health)
    {
        var key = (changed.Name.ToString(), kind);
        if (now is not { Phase: Phase.Running, Intent: Intent.Run } || probe is null)
        {
            if (watched.Remove(key, out var ended)) ended.HasEnded = true;
            return false;
        }

        if (watched.ContainsKey(key)) return false;
        var began = clock.GetUtcNow();
        var course = ProbeCourse.Begin(probe, now.Observed.StartedAt ?? began, takenForWell: health == InstanceHealth.Healthy);
        var one = watched[key] = new(key.Item1, kind, course);
        due.Enqueue(one, began + course.FirstPause(dice()));
        return true;
    }

    /// <returns>How long nobody is due.</returns>
    private TimeSpan AskThoseDue(CancellationToken stopping)
    {
        List<Watched> now = [];
        var pause = LongestSleep;
        lock (gate)
        {
            var time = clock.GetUtcNow();
            while (due.TryPeek(out var next, out var at))
            {
                if (!next.HasEnded && (at > time || asking >= MostAtOnce))
                {
                    // With all places taken, the next answer rings.
                    if (at > time && at - time < pause) pause = at - time;
                    break;
                }

                due.Dequeue();
                if (next.HasEnded) continue;
                asking++;
                now.Add(next);
            }
        }

        foreach (var one in now) _ = Ask(one, stopping);
        return pause;
    }

    private async Task Ask(Watched one, CancellationToken stopping)
    {
        var began = clock.GetTimestamp();
        var answer = Answer(one, stopping);
        await answer.WaitAsync(KeepsItsPlace, clock, CancellationToken.None).Quietly();
        var makesRoom = !answer.IsCompleted;
        if (makesRoom) MakeRoom();

        var (ok, output) = await answer;
        var course = one.Course.After(new(one.Kind, clock.GetUtcNow(), ok, clock.GetElapsedTime(began), output));
        if (stopping.IsCancellationRequested) return;
        if (!one.HasEnded) book.Change(one.Instance, i => i.Probed(one.Kind, course.Health, course.Results));
        if (course.Health != one.Course.Health) Tell(one, course);
        Await(one, course);
        if (!makesRoom) MakeRoom();
    }

    private void Await(Watched one, ProbeCourse course)
    {
        lock (gate)
        {
            one.Course = course;
            if (one.HasEnded) return;
            due.Enqueue(one, course.NextAt(clock.GetUtcNow(), dice()));
            // As a rule somebody else is due before, and is waited for already.
            if (due.Peek() != one) return;
        }

        bell.Ring();
    }

    private void MakeRoom()
    {
        lock (gate)
        {
            if (asking-- < MostAtOnce) return;
        }

        bell.Ring();
    }

    private async Task<(bool Ok, string Output)> Answer(Watched one, CancellationToken stopping)
    {
        if (book.Find(one.Instance) is not { } instance) return (false, "it is gone");
        var probe = one.Course.Probe;
        using var patience = new CancellationTokenSource(probe.Timeout, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            // Also when whoever asks does not come back.
            return await probes.Ask(probe, instance, end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            return (false, $"no answer within {Durations.Format(probe.Timeout)}");
        }
        catch (Exception e)
        {
            // A defect of ours is told as what it is, and looks like no answer to those who wait for one.
            LogDefect(e, one.Instance);
            return (false, OneLine.Of($"it could not be asked: {e.Message}"));
        }
    }

    private void Tell(Watched one, ProbeCourse course)
    {
        metrics.Probed(course.Health);
        LogHealth(one.Instance, one.Kind, course.Health, course.Results[^1].Output);
    }

    /// <summary>One probe of one instance; its course belongs to whoever asks, and nobody asks twice at a time.</summary>
    private sealed class Watched(string instance, ProbeKind kind, ProbeCourse course)
    {
        public string Instance => instance;
        public ProbeKind Kind => kind;
        public ProbeCourse Course { get; set; } = course;
        public volatile bool HasEnded;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance}: {Kind} is {Health}: {Output}")]
    private partial void LogHealth(string instance, ProbeKind kind, InstanceHealth health, string output);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Instance} could not be asked, in a way that nobody expected")]
    private partial void LogDefect(Exception e, string instance);
}
