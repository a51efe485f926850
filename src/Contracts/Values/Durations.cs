using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts.Values;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>1m30s</c>, <c>2h</c>; never negative.</summary>
public static partial class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
            ("ms", TimeSpan.FromMilliseconds(1))];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text is "0") return true;
        if (text.Length is 0 or > 40 || !Shape().IsMatch(text)) return false;
        var milliseconds = 0.0;
        foreach (Match part in Part().Matches(text))
        {
            var unit = Units.First(u => u.Unit == part.Groups[2].Value).Length;
            milliseconds += double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * unit.TotalMilliseconds;
        }

        if (milliseconds > TimeSpan.FromDays(3650).TotalMilliseconds) return false;
        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>As <see cref="Format"/>, to a tenth of a second: for sentences that a person reads.</summary>
    public static string FormatTenths(TimeSpan duration) =>
        Format(TimeSpan.FromMilliseconds(Math.Round(duration.TotalMilliseconds / 100) * 100));

    public static string Format(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero) return "0s";
        var text = new StringBuilder();
        foreach (var (unit, length) in Units)
        {
            var count = duration.Ticks / length.Ticks;
            if (count == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            duration -= count * length;
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(h|ms|m|s))+\z")]
    private static partial Regex Shape();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]+)?)(h|ms|m|s)")]
    private static partial Regex Part();
}

internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && Durations.TryParse(reader.GetString()!, out var duration)) return duration;
        throw new JsonException("a duration is text such as \"500ms\", \"10s\" or \"1m30s\"");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Durations.Format(value));
}
