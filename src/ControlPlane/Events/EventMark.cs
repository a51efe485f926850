using System.Globalization;

namespace Orchestrator.ControlPlane.Events;

/// <summary>Names an event for good: <c>9f86d081-4711</c> is the 4711th of a history.</summary>
internal sealed record EventMark(string Log, long Number)
{
    public const string Pattern = "^[0-9a-f]{8}-[0-9]{1,18}$";

    public static EventMark? Parse(string text)
    {
        var parts = text.Split('-');
        return parts is [{ Length: 8 } log, { Length: <= 18 } number] && log.All(char.IsAsciiHexDigitLower)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var it) ? new(log, it) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Log}-{Number}");
}
