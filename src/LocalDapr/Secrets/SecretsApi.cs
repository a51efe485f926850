using System.Buffers;
using System.Text.Json;
using LocalDapr.Wire;
using LocalDapr.Components;

namespace LocalDapr.Secrets;

/// <summary>/v1.0/secrets.</summary>
internal sealed class SecretsApi(Resources resources)
{
    public IReadOnlyDictionary<string, string> Get(string store, string name) => Open(store).Get(name)
        ?? throw new ApiException(
            500, "ERR_SECRET_GET", $"failed getting secret with key {name} from secret store {store}: secret {name} not found");

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All(string store) => Open(store).All();

    public Task GetAsync(HttpContext context, string store, string name) => WriteAsync(context, json => Write(json, Get(store, name)));

    public Task AllAsync(HttpContext context, string store) => WriteAsync(context, json =>
    {
        json.WriteStartObject();
        foreach (var (name, secret) in All(store))
        {
            json.WritePropertyName(name);
            Write(json, secret);
        }

        json.WriteEndObject();
    });

    private SecretStore Open(string store) => resources.Find(ComponentKind.Secrets, store) is { } component
        ? SecretStore.Open(component)
        : throw (resources.HasAny(ComponentKind.Secrets)
            ? new ApiException(401, "ERR_SECRET_STORE_NOT_FOUND", $"failed finding secret store with key {store}")
            : new ApiException(500, "ERR_SECRET_STORES_NOT_CONFIGURED", "secret store is not configured"));

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, string> secret)
    {
        json.WriteStartObject();
        foreach (var (name, value) in secret) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return Bodies.WriteJsonAsync(context.Response, 200, buffer.WrittenMemory);
    }
}
