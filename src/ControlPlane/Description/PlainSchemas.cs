using System.Text.Json;
using Microsoft.OpenApi;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Description;

/// <summary>Schemas of values that have no fields.</summary>
internal static class PlainSchemas
{
    /// <summary>What may stand in a list in place of an object.</summary>
    public static IReadOnlyList<IOpenApiSchema> ShortForms(Type type) =>
        type == typeof(PortMapping) ? [Port, Short(ShortPorts.Pattern, "As Docker writes it, ranges too: 8080:80, 127.0.0.1:5353:53/udp.")]
        : type == typeof(VolumeMount) ? [Short(ShortVolumes.Pattern, "As Docker writes it: data:/var/lib/x:ro.")]
        : [];

    private static OpenApiSchema Port => new()
    {
        Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = "65535", Description = "The port of the container alone.",
    };

    private static OpenApiSchema Short(string pattern, string words) =>
        new() { Type = JsonSchemaType.String, Pattern = pattern, Description = words };

    /// <summary>None for what is not plain.</summary>
    /// <param name="isRead">Whether all that is understood counts, and not only what is written.</param>
    /// <param name="oneWayEach">Of that, only the form which is written.</param>
    /// <param name="isPatch">Whether it stands in a merge patch.</param>
    public static OpenApiSchema? Of(Type type, bool isRead, bool oneWayEach, bool isPatch) =>
        type == typeof(string) ? new() { Type = JsonSchemaType.String }
        : type == typeof(bool) ? new() { Type = JsonSchemaType.Boolean }
        : type == typeof(int) ? new() { Type = JsonSchemaType.Integer, Format = "int32" }
        : type == typeof(long) ? new() { Type = JsonSchemaType.Integer, Format = "int64" }
        : type == typeof(double) ? new() { Type = JsonSchemaType.Number, Format = "double" }
        : type == typeof(DateTimeOffset) ? new() { Type = JsonSchemaType.String, Format = "date-time" }
        : type == typeof(TimeSpan) ? Duration
        : type == typeof(ByteSize) ? (isRead && !oneWayEach
            ? new() { OneOf = [Bytes, new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" }] }
            : Bytes)
        : type == typeof(JsonElement) ? new() { Type = JsonSchemaType.Object }
        : type == typeof(ValueMap) ? new() { Type = JsonSchemaType.Object, AdditionalProperties = Text(isRead, isPatch) }
        : null;

    /// <summary>A map from names to something of its own.</summary>
    public static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueMap<>);

    /// <summary>By a merge patch, a name with null is taken away; but not inside a list.</summary>
    private static OpenApiSchema Text(bool isRead, bool isPatch) => new()
    {
        Type = isPatch ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String,
        MaxLength = isRead ? SpecValidation.MostText : null,
    };

    private static OpenApiSchema Duration => new()
    {
        Type = JsonSchemaType.String, MaxLength = 40, Pattern = @"^(0|([0-9]+(\.[0-9]+)?(h|ms|m|s))+)$"
    };

    private static OpenApiSchema Bytes => new()
    {
        Type = JsonSchemaType.String, Pattern = @"^[0-9]+(\.[0-9]+)?([KMGTkmgt][iI]?)?[bB]?$"
    };
}
