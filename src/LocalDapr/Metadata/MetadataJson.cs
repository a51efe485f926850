using System.Buffers;
using System.Text.Json;
using LocalDapr.Apps;
using LocalDapr.Components;
using LocalDapr.PubSub;
using LocalDapr.Scheduling;

namespace LocalDapr.Metadata;

/// <summary>Metadata as the HTTP API words it.</summary>
internal static class MetadataJson
{
    public static ReadOnlyMemory<byte> Of(SidecarMetadata it)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("id", it.App.Id);
        json.WriteString("runtimeVersion", SidecarMetadata.RuntimeVersion);
        WriteList(json, "enabledFeatures", it.Features, json.WriteStringValue);
        WriteList(json, "actors", it.ActiveActors, a => WriteActor(json, a));
        WriteList(json, "components", it.Components, c => WriteComponent(json, c));
        json.WriteStartObject("extended");
        foreach (var (key, value) in it.Extended) json.WriteString(key, value);
        json.WriteEndObject();
        WriteList(json, "subscriptions", it.Subscriptions, s => WriteSubscription(json, s));
        json.WriteStartArray("httpEndpoints");
        json.WriteEndArray();
        WriteApp(json, it.App);
        WriteRuntime(json, it);
        if (it.ConnectedWorkers > 0)
        {
            json.WriteStartObject("workflows");
            json.WriteNumber("connectedWorkers", it.ConnectedWorkers);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteApp(Utf8JsonWriter json, AppOptions app)
    {
        if (app.Port == 0) return;
        json.WriteStartObject("appConnectionProperties");
        json.WriteNumber("port", app.Port);
        json.WriteString("protocol", "http");
        json.WriteString("channelAddress", "127.0.0.1");
        if (app.MaxConcurrency is { } limit) json.WriteNumber("maxConcurrency", limit);
        if (app.HealthCheck is { } check)
        {
            json.WriteStartObject("health");
            json.WriteString("healthCheckPath", check.Path);
            json.WriteString("healthProbeInterval", Period.Go(check.Interval));
            json.WriteString("healthProbeTimeout", Period.Go(check.Timeout));
            json.WriteNumber("healthThreshold", check.Threshold);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRuntime(Utf8JsonWriter json, SidecarMetadata it)
    {
        json.WriteStartObject("actorRuntime");
        json.WriteString("runtimeStatus", it.ActorRuntime.ToString().ToUpperInvariant());
        WriteList(json, "activeActors", it.ActiveActors, a => WriteActor(json, a));
        json.WriteBoolean("hostReady", it.HostReady);
        json.WriteString("placement", it.Placement);
        json.WriteEndObject();
    }

    private static void WriteActor(Utf8JsonWriter json, (string Type, int Count) actor)
    {
        json.WriteStartObject();
        json.WriteString("type", actor.Type);
        json.WriteNumber("count", actor.Count);
        json.WriteEndObject();
    }

    private static void WriteComponent(Utf8JsonWriter json, Component component)
    {
        json.WriteStartObject();
        json.WriteString("name", component.Name);
        json.WriteString("type", component.Type);
        json.WriteString("version", component.Version);
        WriteList(json, "capabilities", SidecarMetadata.Capabilities(component), json.WriteStringValue);
        json.WriteEndObject();
    }

    private static void WriteSubscription(Utf8JsonWriter json, Subscription it)
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
