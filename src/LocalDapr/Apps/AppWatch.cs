using System.Net;
using System.Net.Sockets;

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

    private TaskCompletionSource suspicion = NewSignal();
    private volatile bool healthy;

    /// <summary>Whether calls reach the app; set by whoever takes it in and lets it go.</summary>
    public bool Healthy
    {
        get => healthy;
        set => healthy = value;
    }

    /// <summary>Whether something listens on the app's port, healthy or not.</summary>
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
            while (options.HealthCheck is { } check && await ProbeAsync(check, cancel) is { } why)
            {
                WhyUnhealthy = why;
                if (first) LogWaiting(options.Id, why);
                first = false;
                await Task.Delay(check.Interval < WarmUp ? check.Interval : WarmUp, clock, cancel);
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

    private async Task<string> UntilUnhealthyAsync(Socket first, CancellationToken cancel)
    {
        var connection = first;
        int failures = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var probe = NextProbe();
        var closed = WatchAsync(connection);
        try
        {
            while (true)
            {
                var suspected = Volatile.Read(ref suspicion).Task;
                var what = await Task.WhenAny(probe, closed, suspected);
                cancel.ThrowIfCancellationRequested();
                if (what == probe && options.HealthCheck is { } check)
                {
                    string? why = await ProbeAsync(check, cancel);
                    failures = why is null ? 0 : failures + 1;
                    if (failures >= check.Threshold) return $"{failures} probes failed, the last one: {why}";
                    probe = NextProbe();
                }
                else
                {
                    // A server may close an idle connection for its own reasons; only when it does not take a new one it is gone.
                    if (what == suspected) Volatile.Write(ref suspicion, NewSignal());
                    if (await TryConnectAsync(cancel) is not { } another)
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

        Task WatchAsync(Socket held)
        {
            if (options.HoldConnection) return ClosedAsync(held, stop.Token);
            held.Dispose();
            return Task.Delay(Timeout.InfiniteTimeSpan, clock, stop.Token);
        }

        Task NextProbe() => Task.Delay(options.HealthCheck?.Interval ?? Timeout.InfiniteTimeSpan, clock, stop.Token);
    }

    /// <summary>Null is healthy, otherwise why not.</summary>
    private async Task<string?> ProbeAsync(AppHealthCheck check, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(check.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, app.Root + check.Path.TrimStart('/'));
            var answer = await app.ProbeAsync(request, both.Token);
            return answer.Is2xx ? null : $"{check.Path} answered {answer.Status}";
        }
        catch (AppUnreachableException e)
        {
            return e.Message;
        }
        catch (AppAnswerTooLargeException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"{check.Path} did not answer within {check.Timeout.TotalMilliseconds:0} ms";
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (await TryConnectAsync(cancel) is { } connected) return connected;
            WhyUnhealthy = $"nothing listens on port {options.Port}";
            await Task.Delay(Poll, clock, cancel);
        }
    }

    private async Task<Socket?> TryConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, options.Port), cancel);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task ClosedAsync(Socket socket, CancellationToken cancel)
    {
        try
        {
            byte[] nothing = new byte[16];
            while (await socket.ReceiveAsync(nothing, cancel) > 0)
            {
                // A server that speaks unasked (a 408 before it closes) is read to its end.
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Reset, or no longer watched: closed either way.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "{AppId} is not healthy yet: {Why}")]
    private partial void LogWaiting(string appId, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{AppId} is no longer healthy: {Why}")]
    private partial void LogUnhealthy(string appId, string why);
}
