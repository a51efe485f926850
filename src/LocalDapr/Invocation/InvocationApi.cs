using LocalDapr.Wire;
using LocalDapr.Apps;
using LocalDapr.Faults;
using LocalDapr.Resiliency;

namespace LocalDapr.Invocation;

/// <summary>/v1.0/invoke/{app}/method/…, and any path with a <c>dapr-app-id</c> header: passed on as it is, answered as it is.</summary>
internal sealed partial class InvocationApi(
    App caller, AppDirectory apps, Policies policies, FaultHooks? faults, TimeProvider clock, ILogger log)
{
    private const int Retries = 3;
    private const int MostKeptForRetry = 256 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context, string appId, string pathAndQuery)
    {
        var policy = policies.App(appId);
        if (!policy.IsNone)
        {
            await InvokeWithPolicyAsync(policy, context, appId, pathAndQuery);
            return;
        }

        var request = context.Request;
        var cancel = context.RequestAborted;
        // A short body of known length is kept, so that the call can be repeated when nothing answered; others are passed on as they come.
        bool keep = request.ContentLength is { } length
            ? length <= MostKeptForRetry
            : !request.Headers.ContainsKey("Transfer-Encoding");
        byte[]? body = keep ? await Bodies.ReadAsync(request, cancel) : null;
        for (int attempt = 0; ; attempt++)
        {
            string why;
            try
            {
                if (apps.Pick(caller, appId) is { } target)
                {
                    await ForwardAsync(context, target, pathAndQuery, body);
                    return;
                }

                why = $"no healthy app with the id {appId} is known";
                if (!apps.Knows(appId)) throw Failed(appId, $"couldn't find app id: {appId}");
            }
            catch (AppUnreachableException e) when (!context.Response.HasStarted)
            {
                why = e.Message;
            }
            catch (CallLostException e)
            {
                throw Failed(appId, e.Message);
            }

            if (body is null || attempt >= Retries) throw Failed(appId, why);
            LogAgain(appId, why);
            await Task.Delay(Pause, clock, cancel);
        }
    }

    /// <summary>The same for callers inside: a whole request, a whole answer.</summary>
    public async Task<AppAnswer> AskAsync(string appId, Func<string, HttpRequestMessage> make, CancellationToken cancel)
    {
        if (apps.Pick(caller, appId) is not { } target) throw Failed(appId, $"couldn't find app id: {appId}");
        try
        {
            using var request = make(target.Channel.Root);
            Forwarding.AddNames(request, caller, target);
            return await target.Channel.AskAsync(request, cancel);
        }
        catch (AppUnreachableException e)
        {
            throw Failed(appId, e.Message);
        }
    }

    private static ApiException Failed(string appId, string why) =>
        new(500, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {appId}, err: {why}");

    private async Task ForwardAsync(HttpContext context, App target, string pathAndQuery, byte[]? body)
    {
        if (faults is { None: false })
        {
            body ??= await Bodies.ReadAsync(context.Request, context.RequestAborted);
            await Forwarding.TellAsync(context, await WholeAsync(context, target, pathAndQuery, body, context.RequestAborted));
            return;
        }

        using var request = Forwarding.Request(context, caller, target, pathAndQuery, body);
        await target.Channel.SendAsync(
            request, (answer, cancel) => Forwarding.StreamAsync(context, answer, cancel), context.RequestAborted);
    }

    /// <summary>
    /// Repeated calls need the whole body, and of an answer that may be repeated the whole as well. One that is good is told while it comes
    /// in, within the time of the policy, as daprd does it.
    /// </summary>
    private async Task InvokeWithPolicyAsync(Policy policy, HttpContext context, string appId, string pathAndQuery)
    {
        byte[] body = await Bodies.ReadAsync(context.Request, context.RequestAborted);
        bool told = false;
        try
        {
            var answer = await policy.RunAsync(OnceAsync, (answer, error) => error is AppUnreachableException
                || (answer is not null && (policy.Retry?.Matches(answer.Status) ?? !answer.Is2xx)), context.RequestAborted);
            if (!told) await Forwarding.TellAsync(context, answer);
        }
        catch (Exception e) when (e is AppUnreachableException or TimeoutException or CircuitOpenException or CallLostException)
        {
            throw Failed(appId, e.Message);
        }

        async Task<AppAnswer> OnceAsync(CancellationToken cancel)
        {
            if (apps.Pick(caller, appId) is not { } target)
            {
                throw apps.Knows(appId)
                    ? new AppUnreachableException($"{appId} is not healthy")
                    : Failed(appId, $"couldn't find app id: {appId}");
            }

            if (faults is { None: false }) return await WholeAsync(context, target, pathAndQuery, body, cancel);
            using var request = Forwarding.Request(context, caller, target, pathAndQuery, body);
            try
            {
                return await target.Channel.SendAsync(request, async (answer, within) =>
                {
                    if (!answer.IsSuccessStatusCode) return await target.Channel.ReadAsync(answer, within);
                    told = await Forwarding.StreamAsync(context, answer, within);
                    return AppAnswer.Unasked;
                }, cancel);
            }
            catch (Exception) when (context.Response.HasStarted)
            {
                // Nothing can be taken back: whoever reads sees that it was cut off.
                context.Abort();
                told = true;
                return AppAnswer.Unasked;
            }
        }
    }

    /// <summary>The whole request for the whole answer; faults on purpose get in between.</summary>
    private async Task<AppAnswer> WholeAsync(HttpContext context, App target, string pathAndQuery, byte[] body, CancellationToken cancel)
    {
        return faults is { None: false }
            ? await faults.AroundAsync(target.Id, null, null, pathAndQuery.Split('?')[0], clock, AskAsync, cancel)
            : await AskAsync(cancel);

        async Task<AppAnswer> AskAsync(CancellationToken token)
        {
            using var request = Forwarding.Request(context, caller, target, pathAndQuery, body);
            return await target.Channel.AskAsync(request, token);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "invocation of {AppId} failed: {Why}; trying again")]
    private partial void LogAgain(string appId, string why);
}
