using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using LocalDapr.Wire;
using LocalDapr.Apps;
using LocalDapr.Components;

namespace LocalDapr.Configuration;

/// <summary>/v1.0/configuration: get, and subscribe with callbacks into the app.</summary>
internal sealed partial class ConfigurationApi(
    Resources resources, ConfigurationStore configuration, AppChannel app, TimeProvider clock, ILogger log)
{
    private const int MostUntold = 1000;
    private static readonly TimeSpan TimeToHear = TimeSpan.FromSeconds(30);

    public IReadOnlyList<ConfigurationItem> Get(string store, IReadOnlyCollection<string> keys) =>
        configuration.Get(Component(store).Name, keys);

    /// <summary>Changes as they happen, the first read at once; ends when unsubscribed.</summary>
    public (string Id, ChannelReader<ConfigurationItem> Changes) Watch(string store, IReadOnlyCollection<string> keys)
    {
        var component = Component(store);
        var changes = Channel.CreateBounded<ConfigurationItem>(
            new BoundedChannelOptions(MostUntold) { FullMode = BoundedChannelFullMode.DropOldest });
        string id = configuration.Watch(component.Name, keys, item => changes.Writer.TryWrite(item), () => changes.Writer.TryComplete());
        return (id, changes.Reader);
    }

    public bool Unwatch(string id) => configuration.Unwatch(id);

    public Task GetAsync(HttpContext context, string store) =>
        Bodies.WriteJsonAsync(context.Response, 200, Json(Get(store, Keys(context)), id: null));

    public Task SubscribeAsync(HttpContext context, string store)
    {
        var (id, changes) = Watch(store, Keys(context));
        _ = TellAppAsync(id, store, changes);
        return Bodies.WriteJsonAsync(context.Response, 200, System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""));
    }

    public Task UnsubscribeAsync(HttpContext context, string id)
    {
        bool ok = Unwatch(id);
        byte[] told = ok ? """{"ok":true}"""u8.ToArray() : """{"ok":false,"message":"no such subscription"}"""u8.ToArray();
        return Bodies.WriteJsonAsync(context.Response, ok ? 200 : 500, told);
    }

    private async Task TellAppAsync(string id, string store, ChannelReader<ConfigurationItem> changes)
    {
        await foreach (var item in changes.ReadAllAsync())
        {
            try
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Post, $"{app.Root}configuration/{Uri.EscapeDataString(store)}/{Uri.EscapeDataString(item.Key)}");
                request.Content = new ReadOnlyMemoryContent(Json([item], id));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var deadline = new CancellationTokenSource(TimeToHear, clock);
                await app.AskAsync(request, deadline.Token);
            }
            catch (Exception e) when (e is AppUnreachableException or OperationCanceledException)
            {
                LogUntold(store, item.Key, e.Message);
            }
        }
    }

    private Component Component(string store) => resources.Find(ComponentKind.Configuration, store)
        ?? throw (resources.HasAny(ComponentKind.Configuration)
            ? new ApiException(400, "ERR_CONFIGURATION_STORE_NOT_FOUND", $"configuration store {store} not found")
            : new ApiException(500, "ERR_CONFIGURATION_STORE_NOT_CONFIGURED", "configuration stores not configured"));

    private static string[] Keys(HttpContext context) => [.. context.Request.Query["key"].OfType<string>()];

    private static ReadOnlyMemory<byte> Json(IReadOnlyList<ConfigurationItem> items, string? id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (id is not null)
        {
            json.WriteString("id", id);
            json.WriteStartObject("items");
        }

        foreach (var item in items)
        {
            json.WriteStartObject(item.Key);
            json.WriteString("value", item.Value);
            json.WriteString("version", item.Version);
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (id is not null) json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the app was not told of {Store}/{Key}: {Why}")]
    private partial void LogUntold(string store, string key, string why);
}
