using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LocalDapr.Api;

namespace LocalDapr.Metadata;

/// <summary>/v1.0/metadata: what the sidecar is and has.</summary>
internal sealed class MetadataApi(Sidecar sidecar)
{
    public const string RuntimeVersion = "1.18.3-localdapr";
    private readonly ConcurrentDictionary<string, string> extended = new() { ["daprRuntimeVersion"] = RuntimeVersion };

    public IReadOnlyDictionary<string, string> Extended => extended;

    public IEnumerable<(string Type, int Count)> ActiveActors =>
        sidecar.HostedTypes.Order(StringComparer.Ordinal).Select(type => (type, sidecar.Actors.Active.Count(a => a.Type == type)));

    public void Set(string key, string value)
    {
        if (extended.Count >= 1000 && !extended.ContainsKey(key)) throw ApiException.BadRequest("too many metadata attributes");
        extended[key] = value;
    }

    public async Task SetAsync(HttpContext context, string key)
    {
        Set(key, Encoding.UTF8.GetString(await Bodies.ReadAsync(context.Request, context.RequestAborted)));
        context.Response.StatusCode = 204;
    }

    public Task GetAsync(HttpContext context)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", sidecar.AppId);
            json.WriteString("runtimeVersion", RuntimeVersion);
            WriteList(json, "enabledFeatures", sidecar.Resources.Features.Order(StringComparer.Ordinal), json.WriteStringValue);
            WriteList(json, "actors", ActiveActors, a => WriteActor(json, a));
            WriteList(json, "components", sidecar.Resources.Components.Values, c => WriteComponent(json, c));
            json.WriteStartObject("extended");
            foreach (var (key, value) in extended) json.WriteString(key, value);
            json.WriteEndObject();
            WriteList(json, "subscriptions", sidecar.Subscriptions.Current, s => WriteSubscription(json, s));
            json.WriteStartArray("httpEndpoints");
            json.WriteEndArray();
            WriteApp(json);
            WriteRuntime(json);
            json.WriteEndObject();
        }

        return Bodies.WriteJsonAsync(context.Response, 200, buffer.WrittenMemory);
    }

    /// <summary>What Dapr's own components of the kind can do, as far as these implementations do it.</summary>
    public static string[] Capabilities(Components.Component component) => component.Kind switch
    {
        Components.ComponentKind.State => ["ETAG", "TRANSACTIONAL", "TTL", "ACTOR"],
        _ => [],
    };

    private void WriteApp(Utf8JsonWriter json)
    {
        var options = sidecar.Options;
        if (options.AppPort == 0) return;
        json.WriteStartObject("appConnectionProperties");
        json.WriteNumber("port", options.AppPort);
        json.WriteString("protocol", "http");
        json.WriteString("channelAddress", "127.0.0.1");
        if (options.AppMaxConcurrency is { } limit) json.WriteNumber("maxConcurrency", limit);
        if (options.EnableAppHealthCheck)
        {
            json.WriteStartObject("health");
            json.WriteString("healthCheckPath", options.AppHealthCheckPath);
            json.WriteString("healthProbeInterval", Scheduling.Period.Go(options.AppHealthProbeInterval));
            json.WriteString("healthProbeTimeout", Scheduling.Period.Go(options.AppHealthProbeTimeout));
            json.WriteNumber("healthThreshold", options.AppHealthThreshold);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteRuntime(Utf8JsonWriter json)
    {
        json.WriteStartObject("actorRuntime");
        json.WriteString("runtimeStatus", sidecar.State.ActorStore is null ? "DISABLED" : sidecar.WasReady ? "RUNNING" : "INITIALIZING");
        WriteList(json, "activeActors", ActiveActors, a => WriteActor(json, a));
        json.WriteBoolean("hostReady", sidecar.HostedTypes.Count > 0);
        json.WriteString("placement", sidecar.CutOffView is null ? "placement: connected" : "placement: disconnected");
        json.WriteEndObject();
    }

    private static void WriteActor(Utf8JsonWriter json, (string Type, int Count) actor)
    {
        json.WriteStartObject();
        json.WriteString("type", actor.Type);
        json.WriteNumber("count", actor.Count);
        json.WriteEndObject();
    }

    private static void WriteComponent(Utf8JsonWriter json, Components.Component component)
    {
        json.WriteStartObject();
        json.WriteString("name", component.Name);
        json.WriteString("type", component.Type);
        json.WriteString("version", component.Version);
        WriteList(json, "capabilities", Capabilities(component), json.WriteStringValue);
        json.WriteEndObject();
    }

    private static void WriteSubscription(Utf8JsonWriter json, PubSub.Subscription it)
    {
        json.WriteStartObject();
        json.WriteString("pubsubname", it.PubSub);
        json.WriteString("topic", it.Topic);
        if (it.DeadLetterTopic is { } dead) json.WriteString("deadLetterTopic", dead);
        json.WriteStartObject("metadata");
        foreach (var (name, value) in it.Metadata) json.WriteString(name, value);
        json.WriteEndObject();
        var rules = it.Rules.Select(r => (Match: r.When.Text, r.Path));
        if (it.DefaultRoute is { } route) rules = rules.Append((Match: "", route));
        WriteList(json, "rules", rules, rule =>
        {
            json.WriteStartObject();
            if (rule.Match.Length > 0) json.WriteString("match", rule.Match);
            json.WriteString("path", rule.Path);
            json.WriteEndObject();
        });
        json.WriteString("type", it.Kind);
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }
}
