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
            AddNames(request, target);
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
        if (faults is null || faults.None)
        {
            using var request = Request(context, target, pathAndQuery, body);
            await target.Channel.SendAsync(request, (response, cancel) => AnswerAsync(context, response, cancel), context.RequestAborted);
            return;
        }

        body ??= await Bodies.ReadAsync(context.Request, context.RequestAborted);
        string method = pathAndQuery.Split('?')[0];
        await TellAsync(context, await faults.AroundAsync(target.Id, null, null, method, clock, AskAsync, context.RequestAborted));

        async Task<AppAnswer> AskAsync(CancellationToken cancel)
        {
            using var request = Request(context, target, pathAndQuery, body);
            return await target.Channel.AskAsync(request, cancel);
        }
    }

    /// <summary>Repeated calls need the whole body and the whole answer; nothing is streamed under a policy.</summary>
    private async Task InvokeWithPolicyAsync(Policy policy, HttpContext context, string appId, string pathAndQuery)
    {
        byte[] body = await Bodies.ReadAsync(context.Request, context.RequestAborted);
        try
        {
            var answer = await policy.RunAsync(OnceAsync, (answer, error) => error is AppUnreachableException
                || (answer is not null && (policy.Retry?.Matches(answer.Status) ?? !answer.Is2xx)), context.RequestAborted);
            await TellAsync(context, answer);
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

            return faults is { None: false }
                ? await faults.AroundAsync(target.Id, null, null, pathAndQuery.Split('?')[0], clock, AskAsync, cancel)
                : await AskAsync(cancel);

            async Task<AppAnswer> AskAsync(CancellationToken token)
            {
                using var request = Request(context, target, pathAndQuery, body);
                return await target.Channel.AskAsync(request, token);
            }
        }
    }

    private static async Task TellAsync(HttpContext context, AppAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        ForwardedHeaders.ToCaller(answer.Headers, context.Response.Headers);
        ForwardedHeaders.ToCaller(answer.ContentHeaders, context.Response.Headers);
        if (answer.Body.Length > 0) await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private HttpRequestMessage Request(HttpContext context, App target, string pathAndQuery, byte[]? body)
    {
        var incoming = context.Request;
        var request = new HttpRequestMessage(new(incoming.Method), target.Channel.Root + pathAndQuery);
        if (body is null) request.Content = new StreamedBody(incoming.Body);
        else if (body.Length > 0 || incoming.ContentLength is not null) request.Content = new ByteArrayContent(body);
        ForwardedHeaders.ToApp(incoming.Headers, request);
        AddNames(request, target);
        if (target != caller)
        {
            string host = incoming.Host.Value ?? "localhost";
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "127.0.0.1");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
            request.Headers.TryAddWithoutValidation("Forwarded", $"for=127.0.0.1;by=127.0.0.1;host={host}");
        }

        return request;
    }

    private void AddNames(HttpRequestMessage request, App target)
    {
        if (target == caller) return;
        foreach (string name in (ReadOnlySpan<string>)[DaprHeaders.CallerAppId, DaprHeaders.CallerNamespace, DaprHeaders.CalleeAppId])
            request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(DaprHeaders.CallerAppId, caller.Id);
        request.Headers.TryAddWithoutValidation(DaprHeaders.CallerNamespace, "default");
        request.Headers.TryAddWithoutValidation(DaprHeaders.CalleeAppId, target.Id);
    }

    private static async Task<bool> AnswerAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancel)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        ForwardedHeaders.ToCaller(answer.Headers, response.Headers);
        ForwardedHeaders.ToCaller(answer.Content.Headers, response.Headers);
        response.ContentLength = answer.Content.Headers.ContentLength;
        if (HttpMethods.IsHead(context.Request.Method)) return true;
        // An answer of unknown length may be a stream of events: its headers must not wait for the first of them.
        if (response.ContentLength is null) await response.StartAsync(cancel);
        try
        {
            await answer.Content.CopyToAsync(response.Body, cancel);
        }
        catch (Exception e) when (response.HasStarted && e is IOException or HttpRequestException)
        {
            context.Abort();
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "invocation of {AppId} failed: {Why}; trying again")]
    private partial void LogAgain(string appId, string why);
}
