using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Values;

/// <summary>
/// An amount of memory in bytes; written as a number of bytes or as text with a binary unit: <c>64Mi</c>, <c>2Gi</c>, <c>512k</c>.
/// </summary>
[JsonConverter(typeof(ByteSizeConverter))]
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (char Unit, int Shift)[] Units = [('T', 40), ('G', 30), ('M', 20), ('K', 10)];

    public static ByteSize Mi(long mebibytes) => new(mebibytes << 20);

    /// <summary>Reads <c>64Mi</c>, <c>64m</c>, <c>64MB</c> (all binary, as Docker reads them) or plain bytes.</summary>
    public static bool TryParse(string text, out ByteSize size)
    {
        size = default;
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (digits == 0 || text[0] == '.' || text[digits - 1] == '.') return false;
        if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var unit = text[digits..].ToUpperInvariant();
        var shift = unit is "" or "B" ? 0 : Units.FirstOrDefault(u => unit[0] == u.Unit && unit[1..] is "" or "I" or "B" or "IB").Shift;
        if (shift == 0 && unit is not ("" or "B")) return false;
        var bytes = number * (1L << shift);
        if (bytes > 1L << 60) return false;
        size = new((long)bytes);
        return true;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    public static ByteSize operator +(ByteSize left, ByteSize right) => new(left.Bytes + right.Bytes);

    public static ByteSize operator -(ByteSize left, ByteSize right) => new(left.Bytes - right.Bytes);

    public override string ToString()
    {
        foreach (var (unit, shift) in Units)
        {
            if (Bytes != 0 && Bytes % (1L << shift) == 0) return $"{Bytes >> shift}{(unit == 'K' ? "Ki" : unit + "i")}";
        }

        return Bytes.ToString(CultureInfo.InvariantCulture);
    }
}

internal sealed class ByteSizeConverter : JsonConverter<ByteSize>
{
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var bytes)) return new(bytes);
        if (reader.TokenType == JsonTokenType.String && ByteSize.TryParse(reader.GetString()!, out var size)) return size;
        throw new JsonException("memory is a number of bytes or text such as \"64Mi\" or \"2Gi\"");
    }

    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
