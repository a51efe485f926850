using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Orchestrator.Contracts.Instances;

/// <summary>
/// The name of an instance follows from its decision, so that deciding again finds the container that exists: <c>web-2-r5-a1</c>.
/// </summary>
/// <param name="Slot">From 1.</param>
/// <param name="Revision">From 1.</param>
/// <param name="Attempt">From 1; counts the runs in the slot.</param>
public sealed record InstanceName(string Service, int Slot, int Revision, int Attempt)
{
    private static readonly SearchValues<char> ServiceCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// Reads a name from its end, because hyphens are also allowed in names of services; thousands of names are read at a time.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out InstanceName? name)
    {
        name = null;
        var rest = text.AsSpan();
        if (!TakeNumber(ref rest, "-a", out var attempt) || !TakeNumber(ref rest, "-r", out var revision)
            || !TakeNumber(ref rest, "-", out var slot)) return false;
        if (rest.Length == 0 || rest[0] == '-' || rest[^1] == '-' || rest.IndexOfAnyExcept(ServiceCharacters) >= 0) return false;
        name = new InstanceName(rest.ToString(), slot, revision, attempt);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service}-{Slot}-r{Revision}-a{Attempt}");

    private static bool TakeNumber(ref ReadOnlySpan<char> text, string mark, out int number)
    {
        var digits = text.Length - text.LastIndexOfAnyExceptInRange('0', '9') - 1;
        number = 0;
        if (digits is 0 or > 9 || !int.TryParse(text[^digits..], NumberStyles.None, CultureInfo.InvariantCulture, out number)) return false;
        text = text[..^digits];
        if (!text.EndsWith(mark, StringComparison.Ordinal)) return false;
        text = text[..^mark.Length];
        return true;
    }
}
