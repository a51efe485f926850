using System.Text.RegularExpressions;
using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Translation;

/// <summary>Which services there are: those without profiles, and those of which one is active.</summary>
internal static partial class Profiles
{
    public static MapNode Enabled(MapNode services, IReadOnlyCollection<string> active, Notes notes) => services.Each((name, node) =>
    {
        if (name.StartsWith("x-", StringComparison.Ordinal)) return null;
        if (!ServiceName().IsMatch(name)) notes.Wrong(node.At, $"'{name}' is not a service's name: letters, digits, '.', '_' and '-'");
        if (node is not MapNode service)
        {
            notes.Wrong(node.At, $"is {node.Word()}, and a mapping is expected, with image: in it");
            return null;
        }

        var own = new Section(service, "services.*", notes).Texts("profiles");
        foreach (var wrong in own.Where(it => !Name().IsMatch(it)))
            notes.Wrong(service["profiles"]!.At,
                $"'{wrong}' is not a profile: letters, digits, '_', '.' and '-', with a letter or a digit first");
        return own.Count == 0 || active.Contains("*") || own.Any(active.Contains) ? service : null;
    });

    [GeneratedRegex(@"^[a-zA-Z0-9._-]+\z")]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]+\z")]
    private static partial Regex Name();
}
