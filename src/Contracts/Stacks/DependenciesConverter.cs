using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Stacks;

/// <summary>Reads <c>{"db":"healthy"}</c>, or <c>["db"]</c> for the same; writes the former.</summary>
internal sealed class DependenciesConverter : JsonConverter<ValueMap<StackCondition>>
{
    public override ValueMap<StackCondition> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.StartArray => new(JsonSerializer.Deserialize<ValueList<string>>(ref reader, options)!
                .Select(it => KeyValuePair.Create(it, StackCondition.Healthy))),
            JsonTokenType.StartObject => JsonSerializer.Deserialize<ValueMap<StackCondition>>(ref reader, options)!,
            _ => throw new JsonException("is an object such as {\"db\":\"healthy\"}, or a list of names"),
        };

    public override void Write(Utf8JsonWriter writer, ValueMap<StackCondition> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, options);
}
