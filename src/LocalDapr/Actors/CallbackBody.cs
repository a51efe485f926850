using System.Buffers;
using System.Text.Json;

namespace LocalDapr.Actors;

/// <summary>What an app gets when a reminder or timer fires.</summary>
internal static class CallbackBody
{
    public static byte[] Of(string? data, string? callback, string dueTime, string period)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (callback is not null) json.WriteString("callback", callback);
            if (data is not null)
            {
                json.WritePropertyName("data");
                json.WriteRawValue(data, skipInputValidation: true);
            }

            json.WriteString("dueTime", dueTime);
            json.WriteString("period", period);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
