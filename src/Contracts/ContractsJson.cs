using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
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
    /// reaching through it; and so do those of a service in a stack.
    /// </summary>
    private static void Flatten(JsonTypeInfo wish)
    {
        if (wish.Type == typeof(ServiceSpec))
        {
            Flatten<ServiceSpec, ContainerSpec>(wish, spec => spec.Container);
            Flatten<ServiceSpec, JobSpec>(wish, spec => spec.Job);
        }

        if (wish.Type == typeof(StackService)) Flatten<StackService, ServiceSpec>(wish, service => service.Spec);
    }

    private static void Flatten<TWhole, TPart>(JsonTypeInfo whole, Func<TWhole, TPart> part)
        where TPart : notnull
    {
        var at = whole.Properties.Index().Single(p => p.Item.PropertyType == typeof(TPart)).Index;
        whole.Properties.RemoveAt(at);
        foreach (var field in whole.Options.GetTypeInfo(typeof(TPart)).Properties)
        {
            var flat = whole.CreateJsonPropertyInfo(field.PropertyType, field.Name);
            flat.AttributeProvider = field.AttributeProvider;
            flat.IsGetNullable = field.IsGetNullable;
            flat.IsSetNullable = field.IsSetNullable;
            // Written while the whole is being read, into the part that it was made with: nobody else has that yet.
            if (field.Get is { } get) flat.Get = it => get(part((TWhole)it));
            if (field.Set is { } set) flat.Set = (it, value) => set(part((TWhole)it), value);
            whole.Properties.Insert(at++, flat);
        }
    }
}
