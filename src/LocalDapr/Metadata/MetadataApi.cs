using System.Collections.Concurrent;
using System.Text;
using LocalDapr.Actors;
using LocalDapr.Apps;
using LocalDapr.Components;
using LocalDapr.Health;
using LocalDapr.PubSub;
using LocalDapr.Wire;
using LocalDapr.Workflows;

namespace LocalDapr.Metadata;

/// <summary>/v1.0/metadata: what the sidecar is and has; what HTTP and gRPC have in common.</summary>
internal sealed class MetadataApi(
    AppOptions app, Resources resources, ActorTable actors, Subscriptions subscriptions, WorkerApi workers, Readiness readiness)
{
    private const int MostAttributes = 1000;
    private readonly ConcurrentDictionary<string, string> extended = new() { ["daprRuntimeVersion"] = SidecarMetadata.RuntimeVersion };

    public SidecarMetadata Get() => new()
    {
        App = app,
        Features = [.. resources.Features.Order(StringComparer.Ordinal)],
        ActiveActors = [.. actors.HostedTypes.Order(StringComparer.Ordinal)
            .Select(type => (type, actors.Active.Count(a => a.Type == type)))],
        Components = [.. resources.Components.Values],
        Extended = extended,
        Subscriptions = subscriptions.Current,
        ActorRuntime = resources.ActorStateStore is null ? ActorRuntimeState.Disabled
            : readiness.WasReached ? ActorRuntimeState.Running : ActorRuntimeState.Initializing,
        ConnectedWorkers = workers.Connected,
        Placement = actors.CutOffView is null ? "placement: connected" : "placement: disconnected",
    };

    public void Set(string key, string value)
    {
        if (extended.Count >= MostAttributes && !extended.ContainsKey(key)) throw ApiException.BadRequest("too many metadata attributes");
        extended[key] = value;
    }

    public async Task SetAsync(HttpContext context, string key)
    {
        Set(key, Encoding.UTF8.GetString(await Bodies.ReadAsync(context.Request, context.RequestAborted)));
        context.Response.StatusCode = 204;
    }

    public Task GetAsync(HttpContext context) => Bodies.WriteJsonAsync(context.Response, 200, MetadataJson.Of(Get()));
}
