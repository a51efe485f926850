using LocalDapr.Wire;
using LocalDapr.Apps;

namespace LocalDapr.Actors;

/// <summary>/v1.0/actors/…</summary>
internal sealed class ActorsApi(ActorCalls calls)
{
    public async Task CallAsync(HttpContext context, ActorAddress actor, string method)
    {
        var request = context.Request;
        string? chain = request.Headers[DaprHeaders.ReentrancyId];
        var call = new ActorCall(method, await Bodies.ReadAsync(request, context.RequestAborted), request.Headers, chain);
        var answer = await CallAsync(actor, call, context.RequestAborted);
        ForwardedHeaders.ToCaller(answer.Headers, context.Response.Headers);
        ForwardedHeaders.ToCaller(answer.ContentHeaders, context.Response.Headers);
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>Calls and accepts nothing but 200.</summary>
    public async Task<AppAnswer> CallAsync(ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        if (ActorNames.IsReserved(actor)) throw Failed($"actor type '{actor.Type}' is reserved");
        ActorNames.Check(actor);
        ActorNames.Check("method", call.Method);
        var answer = await calls.CallAsync(actor, call, cancel);
        return answer.Status == 200 ? answer : throw Refused(actor, call.Method, answer);
    }

    private static ApiException Refused(ActorAddress actor, string method, AppAnswer answer) => Failed(answer.Status == 404
        ? $"actor method not found: actors/{actor}/method/{method}"
        : $"error from actor service: ({answer.Status}) {System.Text.Encoding.UTF8.GetString(answer.Body)}");

    private static ApiException Failed(string why) => new(500, "ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {why}");
}
