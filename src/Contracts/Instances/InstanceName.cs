using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Orchestrator.Contracts.Instances;

/// <summary>
/// The name of an instance follows from its decision, so that deciding again finds the container that exists: <c>web-2-r5-a1</c>, and of a
/// job's third run <c>backup-2-r5-n3-a1</c>.
/// </summary>
/// <param name="Slot">From 1.</param>
/// <param name="Revision">From 1.</param>
/// <param name="Attempt">From 1; counts the instances in the slot.</param>
/// <param name="Run">Of a job from 1; 0 of anything else.</param>
public sealed record InstanceName(string Service, int Slot, int Revision, int Attempt, int Run = 0)
{
    private static readonly SearchValues<char> ServiceCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// Reads a name from its end, because hyphens are also allowed in names of services; thousands of names are read at a time.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out InstanceName? name)
    {
        name = null;
        var rest = text.AsSpan();
        if (!TakeNumber(ref rest, "-a", out var attempt)) return false;
        if (TakeNumber(ref rest, "-n", out var run) && run == 0) return false;
        if (!TakeNumber(ref rest, "-r", out var revision)
            || !TakeNumber(ref rest, "-", out var slot)) return false;
        if (rest.Length == 0 || rest[0] == '-' || rest[^1] == '-' || rest.IndexOfAnyExcept(ServiceCharacters) >= 0) return false;
        name = new InstanceName(rest.ToString(), slot, revision, attempt, run);
        return true;
    }

    public override string ToString() => Run == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Service}-{Slot}-r{Revision}-a{Attempt}")
        : string.Create(CultureInfo.InvariantCulture, $"{Service}-{Slot}-r{Revision}-n{Run}-a{Attempt}");

    /// <summary>Takes a mark and its number from the end; where it is another mark nothing is taken, and the number is 0.</summary>
    private static bool TakeNumber(ref ReadOnlySpan<char> text, string mark, out int number)
    {
        var digits = text.Length - text.LastIndexOfAnyExceptInRange('0', '9') - 1;
        number = 0;
        if (digits is 0 or > 9 || !text[..^digits].EndsWith(mark, StringComparison.Ordinal)) return false;
        number = int.Parse(text[^digits..], NumberStyles.None, CultureInfo.InvariantCulture);
        text = text[..^(digits + mark.Length)];
        return true;
    }
}
