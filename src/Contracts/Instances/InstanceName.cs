using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts.Instances;

/// <summary>The name of an instance follows from its decision, so that deciding again finds the container that exists: <c>web-2-r5-a1</c>.</summary>
/// <param name="Slot">From 1.</param>
/// <param name="Revision">From 1.</param>
/// <param name="Attempt">From 1; counts the runs in the slot.</param>
public sealed partial record InstanceName(string Service, int Slot, int Revision, int Attempt)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out InstanceName? name)
    {
        var match = Shape().Match(text);
        name = match.Success && Number(match, 2, out var slot) && Number(match, 3, out var revision) && Number(match, 4, out var attempt)
            ? new InstanceName(match.Groups[1].Value, slot, revision, attempt)
            : null;
        return name is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service}-{Slot}-r{Revision}-a{Attempt}");

    private static bool Number(Match match, int group, out int number) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(@"^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)-(\d{1,9})-r(\d{1,9})-a(\d{1,9})$")]
    private static partial Regex Shape();
}
