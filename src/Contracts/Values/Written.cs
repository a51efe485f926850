using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Values;

/// <summary>
/// A value that is mostly passed on: who receives it as JSON and hands it on as JSON takes the same bytes, and it is read only where
/// somebody looks into it.
/// </summary>
[JsonConverter(typeof(WrittenConverter))]
public sealed class Written<T>(T value) : IEquatable<Written<T>>
    where T : class
{
    private readonly byte[]? json;
    private readonly JsonSerializerOptions? options;
    private T? value = value;

    private Written(byte[] json, JsonSerializerOptions options)
        : this(null!) => (this.json, this.options) = (json, options);

    /// <exception cref="JsonException">What was received is no such value.</exception>
    public T Value => value ??= JsonSerializer.Deserialize<T>(json, options) ?? throw new JsonException("There is no value.");

    public bool Equals(Written<T>? other) => other is not null && Value.Equals(other.Value);

    public override bool Equals(object? obj) => Equals(obj as Written<T>);

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => $"{Value}";

    internal sealed class Converter : JsonConverter<Written<T>>
    {
        public override Written<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new(JsonMarshal.GetRawUtf8Value(document.RootElement).ToArray(), options);
        }

        public override void Write(Utf8JsonWriter writer, Written<T> value, JsonSerializerOptions options)
        {
            if (value.json is { } json) writer.WriteRawValue(json, skipInputValidation: true);
            else JsonSerializer.Serialize(writer, value.Value, options);
        }
    }
}

internal sealed class WrittenConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Written<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => (JsonConverter)Activator
        .CreateInstance(typeof(Written<>.Converter).MakeGenericType(typeToConvert.GetGenericArguments()))!;
}
