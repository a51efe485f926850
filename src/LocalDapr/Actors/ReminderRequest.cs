using System.Text.Json;
using LocalDapr.Wire;

namespace LocalDapr.Actors;

/// <summary>The body of a registration; texts are kept as they came, because they are told back as they came.</summary>
/// <param name="DueTime">When first; empty is now.</param>
/// <param name="Period">How often; empty is once.</param>
/// <param name="Ttl">When it ends; empty is never.</param>
/// <param name="Data">The raw JSON token, or null.</param>
/// <param name="Callback">For timers: the method behind it.</param>
/// <param name="Overwrite">Whether one of the same name may be replaced.</param>
internal sealed record ReminderRequest(
    string DueTime, string Period, string Ttl, string? Data, string? Callback = null, bool Overwrite = true)
{
    public static ReminderRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw ApiException.Malformed("an object is expected");
        string due = "", period = "", ttl = "";
        string? data = null, callback = null;
        bool overwrite = true;
        foreach (var one in body.EnumerateObject())
        {
            switch (one.Name.ToLowerInvariant())
            {
                case "duetime": due = Text(one.Value); break;
                case "period": period = Text(one.Value); break;
                case "ttl": ttl = Text(one.Value); break;
                case "callback": callback = Text(one.Value); break;
                case "data" when one.Value.ValueKind != JsonValueKind.Null: data = one.Value.GetRawText(); break;
                case "overwrite": overwrite = one.Value.ValueKind != JsonValueKind.False; break;
            }
        }

        return new(due, period, ttl, data, callback, overwrite);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => throw ApiException.Malformed($"a text is expected instead of {value.GetRawText()}"),
    };
}
