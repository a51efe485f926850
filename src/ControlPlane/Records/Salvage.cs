using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Records;

/// <summary>
/// What an unreadable record leaves: its numbers, as far as they are still there. No name of an instance may ever be used twice, and no
/// earlier activation come back to power.
/// </summary>
internal static partial class Salvage
{
    /// <summary>Where even the numbers are gone the revisions go on far above any that may have been used.</summary>
    private const int FarAbove = 1_000_000;

    /// <summary>A tombstone upon which a service of the name can be created anew.</summary>
    public static ServiceRecord Tombstone(string name, string content)
    {
        var last = Highest(Revisions(), content) is { } found and < int.MaxValue - FarAbove ? (int)found : FarAbove;
        return new ServiceRecord
        {
            Name = name,
            Epoch = Highest(Epochs(), content) ?? 0,
            Revision = last,
            LastRevision = last,
            FirstRevision = last + 1,
            Spec = new ServiceSpec(),
            Withdrawn = true,
            Changes = Highest(Changes(), content) ?? 0,
        };
    }

    private static long? Highest(Regex number, string content)
    {
        var found = number.Matches(content)
            .Select(match => long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return found.DefaultIfEmpty(-1).Max() is >= 0 and var highest ? highest : null;
    }

    [GeneratedRegex("""
        "epoch"\s*:\s*([0-9]+)
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Epochs();

    [GeneratedRegex("""
        "(?:lastRevision|revision|number)"\s*:\s*([0-9]+)
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Revisions();

    [GeneratedRegex("""
        "changes"\s*:\s*([0-9]+)
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Changes();
}
