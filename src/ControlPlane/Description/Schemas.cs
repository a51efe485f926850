using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Description;

/// <summary>
/// Makes schemas of types, by what <see cref="ContractsJson"/> reads and writes. What people write is to be described first: of what stands
/// in its lists there is one schema for both directions.
/// </summary>
/// <param name="oneWayEach">Whether what can be written in several ways is described in the one in which it is told.</param>
internal sealed class Schemas(OpenApiDocument document, bool oneWayEach)
{
    private enum Use
    {
        /// <summary>As it is written by us: what is null is absent, everything else is there.</summary>
        Told,

        /// <summary>A merge patch: nothing need be there, and everything may be null.</summary>
        Patch,

        /// <summary>As people write it whole: no null, and nothing that is not known.</summary>
        Whole,
    }

    private readonly Comments comments = new(typeof(ContractsJson).Assembly);

    public IOpenApiSchema Told(Type type) => Of(type, Use.Told);

    public IOpenApiSchema Taken(TakenBody body) => body switch
    {
        { Shape: var type } when type == typeof(StackSpec) => Named("NewStack", () => Requiring(
            Object(type, Use.Whole, comments.Of(type)), "services")),
        { IsNew: true } => Named("NewService", () => NewService(body.Shape)),
        { Shape: var type } when type != typeof(ServiceSpec) => Of(type, Use.Whole),
        _ => Named("ServicePatch", () => Object(
            body.Shape, Use.Patch,
            "A JSON merge patch (RFC 7396): what is absent stays, null goes back to the default, a list is replaced whole.")),
    };

    /// <summary>A schema with a name, made when it is asked for first.</summary>
    public OpenApiSchemaReference Named(string name, Func<OpenApiSchema> make)
    {
        var all = document.Components!.Schemas!;
        if (!all.ContainsKey(name))
        {
            document.AddComponent(name, new OpenApiSchema());
            all[name] = make();
        }

        return new OpenApiSchemaReference(name, document);
    }

    private OpenApiSchema NewService(Type spec) => Requiring(
        Object(spec, Use.Patch, "A service to be created. What is absent or null has its default."), "image");

    private static OpenApiSchema Requiring(OpenApiSchema schema, string field)
    {
        schema.Required = new HashSet<string> { field };
        return schema;
    }

    private IOpenApiSchema Of(Type type, Use use)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, use);
        if (PlainSchemas.Of(type, isRead: use != Use.Told, oneWayEach, isPatch: use == Use.Patch) is { } plain) return plain;
        if (type.IsEnum) return Named(type.Name, () => Words(type));
        if (type == typeof(ContentFile) && use == Use.Whole && !oneWayEach)
        {
            var name = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The name alone." };
            return new OpenApiSchema { OneOf = [Named(type.Name, () => Object(type, use, comments.Of(type))), name] };
        }

        if (use == Use.Whole && !oneWayEach && PlainSchemas.ShortForms(type) is { Count: > 0 } shortForms)
            return new OpenApiSchema { OneOf = [Named(type.Name, () => Object(type, use, comments.Of(type))), .. shortForms] };
        if (type == typeof(StackService) && use == Use.Whole)
            return Named("NewStackService", () => Requiring(Object(type, Use.Patch, comments.Of(type)), "image"));
        if (PlainSchemas.IsMap(type))
        {
            var map = new OpenApiSchema
            {
                Type = JsonSchemaType.Object, AdditionalProperties = Of(type.GetGenericArguments()[0], use == Use.Told ? use : Use.Whole),
            };
            var names = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } };
            return type == typeof(ValueMap<StackCondition>) && use != Use.Told && !oneWayEach ? new() { OneOf = [map, names] } : map;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            var element = Of(type.GetGenericArguments()[0], use == Use.Told ? use : Use.Whole);
            return new OpenApiSchema { Type = JsonSchemaType.Array, Items = element };
        }

        return Named(use == Use.Patch ? $"{type.Name}Patch" : type.Name, () => Object(type, use, comments.Of(type)));
    }

    private OpenApiSchema Object(Type type, Use use, string? words)
    {
        var defaults = use == Use.Told ? null : DefaultsOf(type);
        var fields = FieldsOf(type).ToList();
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = words,
            Properties = fields.ToDictionary(
                it => it.Name,
                it => Property(it.Property, use, mayBeNull: use == Use.Patch || (use == Use.Whole && it.MayBeNull), defaults?[it.Name])),
            Required = fields.Where(it => IsRequired(it, use)).Select(it => it.Name).ToHashSet(),
            AdditionalPropertiesAllowed = use == Use.Told,
        };
    }

    private static bool IsAllOrNames(PropertyInfo property) =>
        property.DeclaringType == typeof(MaintenanceRoundWish) && property.Name == nameof(MaintenanceRoundWish.Workers);

    private static OpenApiSchema Only(string word) => new() { Type = JsonSchemaType.String, Enum = [JsonValue.Create(word)] };

    private IOpenApiSchema Property(PropertyInfo property, Use use, bool mayBeNull, JsonNode? fallback)
    {
        var schema = Of(property.PropertyType, use);
        if (IsAllOrNames(property) && !oneWayEach) schema = new OpenApiSchema { OneOf = [schema, Only(MaintenanceRoundWish.All)] };
        var one = schema as OpenApiSchema ?? new OpenApiSchema { AllOf = [schema] };
        if (property.GetCustomAttribute<MinLengthAttribute>() is { Length: var least })
        {
            mayBeNull = false;
            if (one.Type == JsonSchemaType.String) one.MinLength = least;
            else if (one.Type == JsonSchemaType.Object) one.MinProperties = use == Use.Told ? null : least;
            else one.MinItems = least;
        }

        if (one.OneOf is null && property.GetCustomAttribute<MaxLengthAttribute>() is { Length: var most })
        {
            if (one.Type == JsonSchemaType.String) one.MaxLength = most;
            else if (one.Type == JsonSchemaType.Object) one.MaxProperties = most;
            else one.MaxItems = most;
        }

        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } shape) one.Pattern = shape.Pattern;
        if (mayBeNull) one.Type = (one.Type ?? 0) | JsonSchemaType.Null;
        one.Description = WordsOf(property, fallback);
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            one.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);
            one.Maximum = Convert.ToString(range.Maximum, CultureInfo.InvariantCulture);
        }

        return mayBeNull || one.Description is not null ? one : schema;
    }

    private string? WordsOf(PropertyInfo property, JsonNode? fallback)
    {
        var words = comments.Of(property);
        return fallback is JsonValue && fallback.ToJsonString() is var value and not "\"\"" ? $"{words} Default: {value}.".Trim() : words;
    }

    private static bool IsRequired((string Name, PropertyInfo Property, bool MayBeNull) field, Use use) => use switch
    {
        Use.Patch => false,
        Use.Told => !field.MayBeNull,
        _ => field.Property.DeclaringType!.GetConstructors().SelectMany(it => it.GetParameters())
            .Any(it => it.Name == field.Property.Name && !it.HasDefaultValue),
    };

    /// <summary>The fields in JSON.</summary>
    private static IEnumerable<(string Name, PropertyInfo Property, bool MayBeNull)> FieldsOf(Type type) =>
        ContractsJson.Strict.GetTypeInfo(type) is { Kind: System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object } shape
            ? shape.Properties.Where(it => it.Get is not null).Select(it => (it.Name, (PropertyInfo)it.AttributeProvider!,
                it.PropertyType.IsValueType ? Nullable.GetUnderlyingType(it.PropertyType) is not null : it.IsGetNullable))
            : type.GetProperties().Select(it =>
                (JsonNamingPolicy.CamelCase.ConvertName(it.Name), it,
                    new NullabilityInfoContext().Create(it).ReadState == NullabilityState.Nullable));

    private static JsonObject? DefaultsOf(Type type) => type.GetConstructor([]) is { } make
        ? JsonSerializer.SerializeToNode(make.Invoke([]), type, ContractsJson.Options)!.AsObject() : null;

    private OpenApiSchema Words(Type type) => new()
    {
        Type = JsonSchemaType.String,
        Description = comments.Of(type),
        Enum = Enum.GetNames(type).Select(it => (JsonNode)JsonNamingPolicy.KebabCaseLower.ConvertName(it)).ToList(),
    };
}
