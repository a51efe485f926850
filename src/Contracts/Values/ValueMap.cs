using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Values;

/// <summary>An immutable map from text to text, ordered by key (ordinal) and equal to another map with equal entries.</summary>
[JsonConverter(typeof(ValueMapConverter))]
public sealed class ValueMap : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<ValueMap>
{
    private readonly SortedDictionary<string, string> entries = new(StringComparer.Ordinal);

    public ValueMap(IEnumerable<KeyValuePair<string, string>> entries)
    {
        foreach (var (key, value) in entries) this.entries[key] = value;
    }

    public static ValueMap Empty { get; } = new([]);

    public int Count => entries.Count;

    /// <summary>The value of a key, or null when the map does not hold it.</summary>
    public string? this[string key] => entries.GetValueOrDefault(key);

    public bool ContainsKey(string key) => entries.ContainsKey(key);

    public static ValueMap Of(params (string Key, string Value)[] entries) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, e.Value)));

    /// <summary>A map to something else than text.</summary>
    public static ValueMap<T> To<T>(params (string Key, T Value)[] entries) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, e.Value)));

    public bool Equals(ValueMap? other) => other is not null && entries.SequenceEqual(other.entries);

    public override bool Equals(object? obj) => Equals(obj as ValueMap);

    public override int GetHashCode() => entries.Aggregate(0, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", entries.Select(e => $"{e.Key}={e.Value}"))}}}";
}

internal sealed class ValueMapConverter : JsonConverter<ValueMap>
{
    public override ValueMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("is not an object of texts");
        List<KeyValuePair<string, string>> entries = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            entries.Add(new(key, reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString()!
                : throw new EntryException(key, new JsonException("is not text"))));
        }

        return new(entries);
    }

    public override void Write(Utf8JsonWriter writer, ValueMap value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value) writer.WriteString(key, text);
        writer.WriteEndObject();
    }
}

/// <summary>The entry of a map with this key cannot be read; the inner exception says why.</summary>
public sealed class EntryException(string key, JsonException inner) : JsonException(inner.Message, inner)
{
    public string Key => key;
}
