using System.Net.Http.Headers;
using LocalDapr.Wire;
using LocalDapr.Apps;
using LocalDapr.Faults;

namespace LocalDapr.Actors;

/// <summary>What a sidecar asks of its app about one actor.</summary>
internal sealed class ActorCallbacks(AppChannel app, string appId, FaultHooks? faults, TimeProvider clock)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string AppId => appId;

    public async Task<AppAnswer> CallAsync(ActorAddress actor, ActorCall call, string? chain, CancellationToken cancel)
    {
        if (faults is null || faults.None) return await SendAsync(actor, call, chain, cancel);
        return await faults.AroundAsync(
            appId, actor.Type, actor.Id, call.Method, clock, token => SendAsync(actor, call, chain, token), cancel);
    }

    public async Task DeactivateAsync(ActorAddress actor, TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit, clock);
        using var request = new HttpRequestMessage(HttpMethod.Delete, Url(actor));
        await app.AskAsync(request, deadline.Token);
    }

    private async Task<AppAnswer> SendAsync(ActorAddress actor, ActorCall call, string? chain, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Url(actor)}/method/{EscapePath(call.Method)}");
        request.Content = new ByteArrayContent(call.Body);
        if (call.Headers is not null) ForwardedHeaders.ToApp(call.Headers, request);
        else request.Content.Headers.ContentType = Json;
        if (chain is not null) request.Headers.TryAddWithoutValidation(DaprHeaders.ReentrancyId, chain);
        return await app.AskAsync(request, cancel);
    }

    private string Url(ActorAddress actor) =>
        $"{app.Root}actors/{Uri.EscapeDataString(actor.Type)}/{Uri.EscapeDataString(actor.Id)}";

    private static string EscapePath(string method) =>
        method.Contains('/') ? string.Join('/', method.Split('/').Select(Uri.EscapeDataString)) : Uri.EscapeDataString(method);
}
