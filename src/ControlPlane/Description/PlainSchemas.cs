using System.Text.Json;
using Microsoft.OpenApi;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Description;

/// <summary>Schemas of values that have no fields.</summary>
internal static class PlainSchemas
{
    public static OpenApiSchema Port => new()
    {
        Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = "65535", Description = "The port of the container alone.",
    };

    /// <summary>None for what is not plain.</summary>
    /// <param name="isRead">Whether all that is understood counts, and not only what is written.</param>
    /// <param name="oneWayEach">Of that, only the form which is written.</param>
    public static OpenApiSchema? Of(Type type, bool isRead, bool oneWayEach) =>
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
        : type == typeof(ValueMap) ? new() { Type = JsonSchemaType.Object, AdditionalProperties = Text(isRead) }
        : null;

    /// <summary>In what people write, a name with null is taken away.</summary>
    private static OpenApiSchema Text(bool isRead) => isRead
        ? new() { Type = JsonSchemaType.String | JsonSchemaType.Null, MaxLength = SpecValidation.MostText }
        : new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Duration => new()
    {
        Type = JsonSchemaType.String, MaxLength = 40, Pattern = @"^(0|([0-9]+(\.[0-9]+)?(h|ms|m|s))+)$"
    };

    private static OpenApiSchema Bytes => new()
    {
        Type = JsonSchemaType.String, Pattern = @"^[0-9]+(\.[0-9]+)?([KMGTkmgt][iI]?)?[bB]?$"
    };
}
