using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts;

/// <summary>The wire format in one place: REST, actors, orders, stored records.</summary>
public static class ContractsJson
{
    /// <summary>camelCase names, enums as kebab-case words, durations as <c>"10s"</c>, absent instead of null.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>
    /// The same, but a field that is not known is an error, and so are a null where there must be something, and a word that is written
    /// otherwise: for what people write.
    /// </summary>
    public static JsonSerializerOptions Strict { get; } = MakeStrict(new(Options));

    /// <summary>Makes the given options those of the wire format.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new DurationConverter());
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Flatten);
        return options;
    }

    private static JsonSerializerOptions MakeStrict(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.Converters.Insert(0, new ExactWords());
        return options;
    }

    /// <summary>
    /// A wish has one level: in place of <see cref="ServiceSpec.Container"/> and of <see cref="ServiceSpec.Job"/> stand their fields, each
    /// reaching through it.
    /// </summary>
    private static void Flatten(JsonTypeInfo wish)
    {
        if (wish.Type != typeof(ServiceSpec)) return;
        Flatten(wish, typeof(ContainerSpec), spec => spec.Container);
        Flatten(wish, typeof(JobSpec), spec => spec.Job);
    }

    private static void Flatten(JsonTypeInfo wish, Type part, Func<ServiceSpec, object> partOf)
    {
        var at = wish.Properties.Index().Single(p => p.Item.PropertyType == part).Index;
        wish.Properties.RemoveAt(at);
        foreach (var field in wish.Options.GetTypeInfo(part).Properties)
        {
            var flat = wish.CreateJsonPropertyInfo(field.PropertyType, field.Name);
            flat.AttributeProvider = field.AttributeProvider;
            flat.IsGetNullable = field.IsGetNullable;
            flat.IsSetNullable = field.IsSetNullable;
            // Written while a spec is being read, into the part that it was made with: nobody else has that yet.
            if (field.Get is { } get) flat.Get = spec => get(partOf((ServiceSpec)spec));
            if (field.Set is { } set) flat.Set = (spec, value) => set(partOf((ServiceSpec)spec), value);
            wish.Properties.Insert(at++, flat);
        }
    }
}
