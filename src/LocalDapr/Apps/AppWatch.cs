namespace LocalDapr.Apps;

/// <summary>
/// Knows whether the app is there. It holds an idle connection to the app, if wished: when the process dies the kernel closes it, so a
/// death is seen at once without asking. Beside that it looks when somebody suspects, and probes the health path, if wished.
/// </summary>
internal sealed partial class AppWatch(AppOptions options, AppChannel app, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>An app that is still starting is asked more often than one that serves: somebody waits for it.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(250);

    private readonly AppProbe? probe = options.HealthCheck is { } check ? new(check, app, clock) : null;
    private TaskCompletionSource suspicion = NewSignal();
    private volatile bool healthy;

    /// <summary>Whether calls reach the app; set by whoever takes it in and lets it go.</summary>
    public bool Healthy
    {
        get => healthy;
        set => healthy = value;
    }

    /// <summary>Whether the app takes calls, healthy or not: something listens on its port, and it is not frozen.</summary>
    public bool Listens { get; private set; }

    /// <summary>What the last look told, while the app is not healthy.</summary>
    public string? WhyUnhealthy { get; private set; } = "the app has not been seen yet";

    /// <summary>Somebody saw the app fail, or knows that it exited: look now.</summary>
    public void Suspect() => Volatile.Read(ref suspicion).TrySetResult();

    /// <summary>
    /// Follows the app until cancelled. <paramref name="takeIn"/> answers whether the app could be taken in; if not it is tried again.
    /// </summary>
    public async Task RunAsync(
        Func<CancellationToken, Task<bool>> takeIn, Func<Task> letGo, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            using var connection = await ConnectAsync(cancel);
            if (!options.HoldConnection) connection.Dispose();
            Listens = true;
            bool first = true;
            while (probe is not null && await probe.AskAsync(cancel) is { } why)
            {
                WhyUnhealthy = why;
                if (first) LogWaiting(options.Id, why);
                first = false;
                await Task.Delay(probe.Interval < WarmUp ? probe.Interval : WarmUp, clock, cancel);
            }

            WhyUnhealthy = null;
            if (!await takeIn(cancel))
            {
                WhyUnhealthy = "the app did not answer /dapr/config or /dapr/subscribe";
                await Task.Delay(TimeSpan.FromMilliseconds(500), clock, cancel);
                continue;
            }

            string end = await UntilUnhealthyAsync(connection, cancel);
            WhyUnhealthy = end;
            LogUnhealthy(options.Id, end);
            await letGo();
        }
    }

    private async Task<string> UntilUnhealthyAsync(IdleConnection first, CancellationToken cancel)
    {
        var connection = first;
        int failures = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var due = NextProbe();
        var closed = WatchAsync(connection);
        try
        {
            while (true)
            {
                var suspected = Volatile.Read(ref suspicion).Task;
                var what = await Task.WhenAny(due, closed, suspected);
                cancel.ThrowIfCancellationRequested();
                if (what == due && probe is not null)
                {
                    string? why = await probe.AskAsync(cancel);
                    failures = why is null ? 0 : failures + 1;
                    if (failures >= probe.Threshold)
                    {
                        Listens = !probe.IsSilent;
                        return $"{failures} probes failed, the last one: {why}";
                    }

                    // Who did not answer in time has had its time: a frozen app is noticed almost as fast as a dead one.
                    due = why is not null && probe.IsSilent ? Task.CompletedTask : NextProbe();
                }
                else
                {
                    // A server may close an idle connection for its own reasons; only when it does not take a new one it is gone.
                    if (what == suspected) Volatile.Write(ref suspicion, NewSignal());
                    if (await IdleConnection.TryOpenAsync(options.Port, cancel) is not { } another)
                    {
                        Listens = false;
                        return $"nothing listens on port {options.Port}";
                    }

                    if (connection != first) connection.Dispose();
                    connection = another;
                    closed = WatchAsync(connection);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            if (connection != first) connection.Dispose();
        }

        Task WatchAsync(IdleConnection held)
        {
            if (options.HoldConnection) return held.ClosedAsync(stop.Token);
            held.Dispose();
            return Task.Delay(Timeout.InfiniteTimeSpan, clock, stop.Token);
        }

        Task NextProbe() => Task.Delay(probe?.Interval ?? Timeout.InfiniteTimeSpan, clock, stop.Token);
    }

    private async Task<IdleConnection> ConnectAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (await IdleConnection.TryOpenAsync(options.Port, cancel) is { } connected) return connected;
            WhyUnhealthy = $"nothing listens on port {options.Port}";
            await Task.Delay(Poll, clock, cancel);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "{AppId} is not healthy yet: {Why}")]
    private partial void LogWaiting(string appId, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{AppId} is no longer healthy: {Why}")]
    private partial void LogUnhealthy(string appId, string why);
}
