namespace LocalDapr.Launch;

/// <summary>Keeps one app and its sidecar as the user wants them: running, brought back when it dies, or stopped.</summary>
internal sealed class AppSupervisor(
    RunFileApp app, ISidecars sidecars, IReadOnlyDictionary<string, string> marks, ILaunchOutput output, TimeProvider clock)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SidecarDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealthPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SettledPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Wish wish = Wish.Run;
    private TaskCompletionSource changed = NewSignal();
    private AppState state = AppState.Starting;
    private string? detail;
    private ISidecar? sidecar;
    private AppProcess? process;
    private DateTimeOffset? since;
    private long? healthySince;
    private int restarts;
    private int deaths;
    private bool hurry;

    /// <summary>What the user wants; a stop can be hardened while it is under way.</summary>
    private enum Wish { Run, Stop, Kill }

    public string Name => app.Name;

    public AppStatus Status
    {
        get
        {
            lock (gate)
            {
                return new AppStatus(app.Name, app.AppId, app.AppPort, sidecar?.HttpPort ?? 0, sidecar?.GrpcPort ?? 0,
                    state, detail, process?.Pid, restarts, since);
            }
        }
    }

    /// <summary>Lives as long as the run; returns when <paramref name="shutdown"/> was asked for and the process is gone. The sidecar stays
    /// until <see cref="RemoveAsync"/>, so that an app can say goodbye to the others through it.</summary>
    public async Task RunAsync(CancellationToken shutdown)
    {
        await using var wakeUp = shutdown.Register(Wake);
        while (!shutdown.IsCancellationRequested)
        {
            var change = Change();
            if (Wanted is not Wish.Run)
            {
                await RemoveSidecarAsync();
                if (state is not AppState.Stopped) Set(AppState.Stopped);
            }
            else if (state is not AppState.Finished)
            {
                await RunOnceAsync(shutdown);
                continue;
            }

            await change;
        }
    }

    /// <summary>Wants it to run; a waiting restart happens now.</summary>
    public void Start()
    {
        lock (gate)
        {
            (wish, deaths, hurry) = (Wish.Run, 0, true);
            if (state is AppState.Finished or AppState.Stopped) (state, detail) = (AppState.Starting, null);
        }

        Wake();
    }

    /// <summary>Ends the process (at once when <paramref name="kill"/>) and takes the sidecar away; returns when both are gone.</summary>
    public async Task StopAsync(bool kill, CancellationToken cancel)
    {
        lock (gate)
        {
            if (wish is not Wish.Kill) wish = kill ? Wish.Kill : Wish.Stop;
        }

        Wake();
        await UntilAsync(now => now is AppState.Stopped, cancel);
    }

    /// <summary>Waits until it is healthy, or its work is done.</summary>
    public Task UntilReadyAsync(CancellationToken cancel) => UntilAsync(now => now is AppState.Healthy or AppState.Finished, cancel);

    private async Task UntilAsync(Func<AppState, bool> reached, CancellationToken cancel)
    {
        while (true)
        {
            var change = Change();
            if (reached(Status.State)) return;
            // Only now: what was waited for may have come in the moment in which the patience ended.
            cancel.ThrowIfCancellationRequested();
            await change.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>For a shutdown that was asked for twice.</summary>
    public void Kill()
    {
        lock (gate) wish = Wish.Kill;
        Wake();
    }

    /// <summary>After the run: whoever still waits for its end has waited long enough.</summary>
    public async Task RemoveAsync()
    {
        await RemoveSidecarAsync();
        Set(AppState.Stopped);
    }

    private async Task RemoveSidecarAsync()
    {
        ISidecar? gone;
        lock (gate) (gone, sidecar) = (sidecar, null);
        if (gone is not null) await gone.DisposeAsync();
    }

    private Wish Wanted
    {
        get { lock (gate) return wish; }
    }

    /// <summary>One life of the process, and the delay after its death.</summary>
    private async Task RunOnceAsync(CancellationToken shutdown)
    {
        lock (gate) hurry = false;
        Set(AppState.Starting);
        output.Event(app.Name, "starting");
        AppProcess started;
        try
        {
            started = await StartAsync(shutdown);
        }
        catch (Exception e) when (!shutdown.IsCancellationRequested)
        {
            await DelayAsync(e is AppStartException ? e.Message : $"its sidecar cannot be started: {e.Message}", shutdown);
            return;
        }
        catch (Exception) when (shutdown.IsCancellationRequested)
        {
            return; // What could not be started need not be ended.
        }

        using var life = new CancellationTokenSource();
        var watching = Task.WhenAll(WatchHealthAsync(started, life.Token), KeepSidecarAsync(life.Token));
        while (!started.Exited.IsCompleted && Wanted is Wish.Run && !shutdown.IsCancellationRequested)
        {
            var change = Change();
            if (Wanted is Wish.Run && !shutdown.IsCancellationRequested) await Task.WhenAny(started.Exited, change);
        }

        var died = started.Exited.IsCompleted;
        if (!died) await EndAsync(started);
        await life.CancelAsync();
        await watching;
        Forgive();

        var exitCode = await started.Exited;
        lock (gate)
        {
            process = null;
            since = null;
        }

        sidecar?.ReportAppExited();
        if (!died)
        {
            output.Event(app.Name, "stopped");
        }
        else if (exitCode == 0 && app.AppPort == 0)
        {
            // A service that ends by itself is broken, whatever it says; a job that has no port may be done.
            output.Event(app.Name, "finished");
            Set(AppState.Finished);
        }
        else
        {
            await DelayAsync(Because(exitCode), shutdown);
        }
    }

    private async Task<AppProcess> StartAsync(CancellationToken shutdown)
    {
        Ports.MustBeFree(app);
        if (sidecar is null or { Ended.IsCompleted: true }) await AddSidecarAsync(app, shutdown);

        var env = AppEnvironment.Of(app, sidecar!.HttpPort, sidecar.GrpcPort);
        foreach (var (name, value) in marks) env[name] = value;
        var started = AppProcess.Start(app.Command, app.AppDirPath, env, line => output.Line(app.Name, line));
        lock (gate)
        {
            process = started;
            since = clock.GetUtcNow();
        }

        return started;
    }

    private async Task AddSidecarAsync(RunFileApp beside, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(SidecarDeadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        var added = await sidecars.AddAsync(beside, either.Token);
        lock (gate) sidecar = added;
    }

    /// <summary>
    /// Brings back a sidecar that was told to shut down, again and again more slowly. The app goes on: it knows the ports, so they stay.
    /// </summary>
    private async Task KeepSidecarAsync(CancellationToken life)
    {
        for (var ends = 1; sidecar is { } kept; ends++)
        {
            var began = clock.GetTimestamp();
            await kept.Ended.WaitAsync(life).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (life.IsCancellationRequested) return;
            if (clock.GetElapsedTime(began) >= RestartDelay.Forgiven) ends = 1;
            var delay = RestartDelay.After(ends);
            output.Event(app.Name, $"its sidecar ended; starting it again in {delay.TotalSeconds:0.#} s");
            await Task.Delay(delay, clock, life).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (life.IsCancellationRequested) return;
            try
            {
                await AddSidecarAsync(app with { DaprHttpPort = kept.HttpPort, DaprGrpcPort = kept.GrpcPort }, life);
            }
            catch (Exception e) when (!life.IsCancellationRequested)
            {
                output.Trouble(app.Name, $"its sidecar cannot be started: {e.Message}");
            }
            catch (Exception) when (life.IsCancellationRequested)
            {
                return; // The app ended meanwhile; its next life begins with a sidecar.
            }
        }
    }

    private async Task EndAsync(AppProcess ending)
    {
        // Whoever sees it stopping may count on the grace running already.
        var grace = Task.Delay(Grace, clock);
        Set(AppState.Stopping);
        if (Wanted is Wish.Kill) ending.Kill();
        else ending.Terminate();

        while (!ending.Exited.IsCompleted && !grace.IsCompleted && Wanted is not Wish.Kill)
        {
            var change = Change();
            if (Wanted is not Wish.Kill) await Task.WhenAny(ending.Exited, grace, change);
        }

        if (grace.IsCompleted && !ending.Exited.IsCompleted)
            output.Event(app.Name, $"did not end within {Grace.TotalSeconds:0} s, killed");
        if (!ending.Exited.IsCompleted) ending.Kill();
        await ending.Exited;
    }

    /// <summary>Follows what the sidecar knows of the app.</summary>
    private async Task WatchHealthAsync(AppProcess of, CancellationToken life)
    {
        while (!life.IsCancellationRequested && !of.Exited.IsCompleted)
        {
            var health = sidecar?.AppHealth ?? default;
            var now = clock.GetTimestamp();
            var pause = Task.Delay(health.Healthy ? SettledPause : HealthPause, clock, life);
            if (!health.Healthy)
            {
                if (Move(AppState.Healthy, AppState.Unhealthy, health.Why))
                {
                    Forgive();
                    output.Trouble(app.Name, $"unhealthy: {health.Why ?? "no reason known"}");
                }
                else
                {
                    Explain(health.Why);
                }
            }
            else if (Move(AppState.Starting, AppState.Healthy) || Move(AppState.Unhealthy, AppState.Healthy))
            {
                lock (gate) healthySince = now;
                output.Event(app.Name, "healthy");
            }

            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Called when a healthy time ends: when it was long enough, earlier deaths no longer count.</summary>
    private void Forgive()
    {
        lock (gate)
        {
            if (healthySince is { } begin && clock.GetElapsedTime(begin) >= RestartDelay.Forgiven) deaths = 0;
            healthySince = null;
        }
    }

    private async Task DelayAsync(string why, CancellationToken shutdown)
    {
        TimeSpan delay;
        lock (gate)
        {
            restarts++;
            delay = RestartDelay.After(++deaths);
        }

        output.Trouble(app.Name, $"{why}; starting again in {delay.TotalSeconds:0.#} s");
        var due = Task.Delay(delay, clock, shutdown);
        Set(AppState.Waiting, $"{why}; next start {delay.TotalSeconds:0.#} s after that");
        while (!due.IsCompleted)
        {
            var change = Change();
            lock (gate)
            {
                if (hurry || wish is not Wish.Run) return;
            }

            await Task.WhenAny(due, change);
        }
    }

    private static string Because(int exitCode) =>
        exitCode > 128 ? $"ended by signal {exitCode - 128}" : $"ended with exit code {exitCode}";

    private void Set(AppState now, string? why = null)
    {
        lock (gate) (state, detail) = (now, why);
        Wake();
    }

    private bool Move(AppState from, AppState to, string? why = null)
    {
        lock (gate)
        {
            if (state != from) return false;
            (state, detail) = (to, why);
        }

        Wake();
        return true;
    }

    private void Explain(string? why)
    {
        lock (gate)
        {
            if (state is AppState.Starting or AppState.Unhealthy) detail = why;
        }
    }

    private Task Change()
    {
        lock (gate) return changed.Task;
    }

    private void Wake()
    {
        TaskCompletionSource wake;
        lock (gate) (wake, changed) = (changed, NewSignal());
        wake.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
