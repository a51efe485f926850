using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Values;

/// <summary>An immutable map from names to values, ordered by name (ordinal) and equal to another map with equal entries.</summary>
[JsonConverter(typeof(ValueMapOfConverter))]
public sealed class ValueMap<T> : IReadOnlyCollection<KeyValuePair<string, T>>, IEquatable<ValueMap<T>>
{
    private readonly SortedDictionary<string, T> entries = new(StringComparer.Ordinal);

    public ValueMap(IEnumerable<KeyValuePair<string, T>> entries)
    {
        foreach (var (key, value) in entries) this.entries[key] = value;
    }

    public int Count => entries.Count;

    public IEnumerable<string> Keys => entries.Keys;

    /// <summary>The value of a name, or the default of its type when the map does not hold it.</summary>
    public T? this[string key] => entries.GetValueOrDefault(key);

    public bool ContainsKey(string key) => entries.ContainsKey(key);

    /// <summary>The same with one more entry, or another value of one.</summary>
    public ValueMap<T> With(string key, T value) => new(entries.Append(KeyValuePair.Create(key, value)));

    /// <summary>The same without an entry.</summary>
    public ValueMap<T> Without(string key) => entries.ContainsKey(key) ? new(entries.Where(it => it.Key != key)) : this;

    public bool Equals(ValueMap<T>? other) => other is not null && entries.SequenceEqual(other.entries);

    public override bool Equals(object? obj) => Equals(obj as ValueMap<T>);

    public override int GetHashCode() => entries.Aggregate(0, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", entries.Select(e => $"{e.Key}={e.Value}"))}}}";
}

internal sealed class ValueMapOfConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueMap<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<ValueMap<T>>
    {
        public override ValueMap<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("is not an object");
            List<KeyValuePair<string, T>> entries = [];
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                reader.Read();
                try
                {
                    entries.Add(new(key, JsonSerializer.Deserialize<T>(ref reader, options) ?? throw new JsonException("is null")));
                }
                catch (JsonException e)
                {
                    throw new EntryException(key, e);
                }
            }

            return new(entries);
        }

        public override void Write(Utf8JsonWriter writer, ValueMap<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, it) in value)
            {
                writer.WritePropertyName(key);
                JsonSerializer.Serialize(writer, it, options);
            }

            writer.WriteEndObject();
        }
    }
}
