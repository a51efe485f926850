using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Values;

/// <summary>
/// An immutable list that is equal to another list with equal elements in the same order, so that records holding it compare by value.
/// </summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
[JsonConverter(typeof(ValueListConverter))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] items;

    public ValueList(params ReadOnlySpan<T> items) => this.items = items.ToArray();

    /// <summary>Nobody else has this array.</summary>
    internal ValueList(T[] own) => items = own;

    public int Count => items.Length;

    public T this[int index] => items[index];

    public ReadOnlySpan<T> AsSpan() => items;

    public bool Equals(ValueList<T>? other) =>
        ReferenceEquals(this, other) || other is not null && items.AsSpan().SequenceEqual(other.items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items) hash.Add(item);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", items)}]";
}

public static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);

    public static ValueList<T> ToValueList<T>(this IEnumerable<T> items) =>
        items as ValueList<T> ?? new(own: items.ToArray());
}

internal sealed class ValueListConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueList<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var element = typeToConvert.GetGenericArguments()[0];
        var hasShortForm = element.GetInterfaces().Any(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(IShortForm<>));
        return (JsonConverter)Activator.CreateInstance((hasShortForm ? typeof(OfShort<>) : typeof(Of<>)).MakeGenericType(element))!;
    }

    private sealed class OfShort<T> : Of<T> where T : IShortForm<T>
    {
        protected override IEnumerable<T> Element(ref Utf8JsonReader reader, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.StartObject) return base.Element(ref reader, options);
            if (reader.TokenType == JsonTokenType.String) return T.ReadShort(reader.GetString()!);
            using var value = JsonDocument.ParseValue(ref reader);
            return value.RootElement.ValueKind switch
            {
                JsonValueKind.Number => T.ReadShort(value.RootElement.GetRawText()),
                JsonValueKind.Null => throw new JsonException("is null"),
                _ => throw new JsonException(T.Ways),
            };
        }
    }

    private class Of<T> : JsonConverter<ValueList<T>>
    {
        public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("is not a list");
            List<T> items = [];
            for (var at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
            {
                try
                {
                    items.AddRange(Element(ref reader, options));
                }
                catch (JsonException e)
                {
                    throw new ElementException(at, e);
                }
            }

            return new(items.ToArray());
        }

        /// <summary>What one element stands for.</summary>
        protected virtual IEnumerable<T> Element(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
            [JsonSerializer.Deserialize<T>(ref reader, options) ?? throw new JsonException("is null")];

        public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value) JsonSerializer.Serialize(writer, item, options);
            writer.WriteEndArray();
        }
    }
}

/// <summary>
/// Element number <see cref="Index"/> of a list cannot be read; the inner exception says why, with a path that begins at the element.
/// </summary>
public sealed class ElementException(int index, JsonException inner) : JsonException(inner.Message, inner)
{
    public int Index => index;
}
