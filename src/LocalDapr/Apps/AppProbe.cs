namespace LocalDapr.Apps;

/// <summary>Asks the app on its health path how it is.</summary>
internal sealed class AppProbe(AppHealthCheck check, AppChannel app, TimeProvider clock)
{
    public TimeSpan Interval => check.Interval;

    public int Threshold => check.Threshold;

    /// <summary>Whether the last probe that failed got no answer at all: the app is frozen, or its machine is.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>Null is healthy, otherwise why not.</summary>
    public async Task<string?> AskAsync(CancellationToken cancel)
    {
        IsSilent = false;
        using var deadline = new CancellationTokenSource(check.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, app.Root + check.Path.TrimStart('/'));
            var answer = await app.ProbeAsync(request, both.Token);
            return answer.Is2xx ? null : $"{check.Path} answered {answer.Status}";
        }
        catch (Exception e) when (e is AppUnreachableException or AppAnswerTooLargeException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            IsSilent = true;
            return $"{check.Path} did not answer within {check.Timeout.TotalMilliseconds:0} ms";
        }
    }
}
