namespace LocalDapr.Components;

/// <summary>The parts of a secret that a store holds; null when it does not.</summary>
internal delegate IReadOnlyDictionary<string, string>? ReadSecret(Component store, string name);

/// <summary>Reads documents of kind Component and resolves what they refer to.</summary>
internal sealed partial class ComponentReader(ReadSecret secret, ILogger log)
{
    /// <exception cref="ResourceException">A component cannot be served.</exception>
    public Dictionary<string, Component> Read(IReadOnlyList<Document> documents)
    {
        // Secret stores first: the others may take values from them.
        var components = new Dictionary<string, Component>();
        foreach (var (file, yaml) in documents.OrderBy(d => Kind(d.Yaml) == ComponentKind.Secrets ? 0 : 1))
        {
            if (ReadOne(file, yaml, components) is not { } component) continue;
            if (components.TryGetValue(component.Name, out var twin))
                throw new ResourceException(file, $"component '{component.Name}' exists already in {twin.File}");
            components.Add(component.Name, component);
            LogServed(component.Name, component.Type, ServedBy(component));
        }

        var forActors = components.Values.Where(c => c.IsActorStateStore).ToList();
        if (forActors.Count > 1)
        {
            throw new ResourceException(forActors[1].File!,
                $"'{forActors[1].Name}' and '{forActors[0].Name}' both say actorStateStore: \"true\"; exactly one may");
        }

        return components;
    }

    private static ComponentKind Kind(Yaml yaml) => Component.KindOf(yaml["spec"]["type"].Text ?? "");

    private Component? ReadOne(string file, Yaml yaml, Dictionary<string, Component> stores)
    {
        string name = yaml["metadata"]["name"].Text ?? throw new ResourceException(file, "a component without metadata.name");
        var spec = yaml["spec"];
        string type = spec["type"].Text ?? throw new ResourceException(file, $"component '{name}' has no spec.type");
        if (!CanServe(type))
        {
            string why = $"component '{name}' is of type {type}, which LocalDapr cannot serve (it serves state.*, pubsub.*, lock.*, "
                + "configuration.*, secretstores.local.env and secretstores.local.file)";
            if (!spec["ignoreErrors"].IsTrue) throw new ResourceException(file, why);
            LogSkipped(file, why);
            return null;
        }

        string? secretStore = yaml["auth"]["secretStore"].Text;
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in spec["metadata"].Items)
        {
            string key = item["name"].Text ?? throw new ResourceException(file, $"component '{name}' has a metadata item without name");
            metadata[key] = Value(file, name, key, item, secretStore, stores);
        }

        return new(name, type, spec["version"].Text ?? "v1") { Metadata = metadata, Scopes = yaml["scopes"].Texts, File = file };
    }

    private string Value(
        string file, string component, string key, Yaml item, string? secretStore, Dictionary<string, Component> stores)
    {
        if (item["envRef"].Text is { } variable) return Environment.GetEnvironmentVariable(variable) ?? "";
        var wanted = item["secretKeyRef"];
        if (!wanted.Exists) return Variables.Expand(item["value"].Text ?? "");
        if (secretStore is null || !stores.TryGetValue(secretStore, out var store) || store.Kind != ComponentKind.Secrets)
        {
            throw new ResourceException(
                file, $"component '{component}' takes '{key}' from a secret store, but auth.secretStore names none that is here");
        }

        string name = wanted["name"].Text ?? "";
        return secret(store, name)?.GetValueOrDefault(wanted["key"].Text ?? name)
            ?? throw new ResourceException(file, $"component '{component}': the secret store '{secretStore}' has no '{name}'");
    }

    private static bool CanServe(string type) => Component.KindOf(type) switch
    {
        ComponentKind.Other => false,
        ComponentKind.Secrets => type is "secretstores.local.env" or "secretstores.local.file",
        _ => true,
    };

    private static string ServedBy(Component component) => component.Kind switch
    {
        ComponentKind.State => "LocalDapr's own SQLite store",
        ComponentKind.PubSub => "LocalDapr's own topics in memory",
        ComponentKind.Lock => "LocalDapr's own locks",
        ComponentKind.Configuration => "LocalDapr's own configuration store",
        _ => "the local secrets themselves",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "component {Name} ({Type}) is served by {By}")]
    private partial void LogServed(string name, string type, string by);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: {Why}; skipped, because it says ignoreErrors")]
    private partial void LogSkipped(string file, string why);
}
