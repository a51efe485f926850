using System.Text.RegularExpressions;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Files;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;
using Orchestrator.Compose.Variables;

namespace Orchestrator.Compose.Loading;

/// <summary>What a project is called: as asked, by the variable, by the last file that says so, by its folder.</summary>
internal static partial class ProjectName
{
    public const string Variable = "COMPOSE_PROJECT_NAME";

    public static (string Name, Place? At) Of(
        ComposeRequest request, string folder, VariableSet variables, IReadOnlyList<MapNode> files, Notes notes)
    {
        if (request.Name is { Length: > 0 } asked) return (Checked(asked, new("--name", 0, ""), notes), null);
        if (variables[Variable] is { Length: > 0 } set) return (Checked(set, new(Variable, 0, ""), notes), null);
        var said = files.Select(it => it["name"]).OfType<ScalarNode>().LastOrDefault(it => !it.IsNull && it.Mark != Mark.Reset);
        if (said is not null && variables.Interpolate(said, notes) is ScalarNode { Text.Length: > 0 } name)
            return (Checked(name.Text, said.At, notes), said.At);
        var full = FilePaths.Join(request.Folder, folder);
        var own = Others().Replace(full[(full.LastIndexOf('/') + 1)..].ToLowerInvariant(), "").TrimStart('-', '_');
        if (own.Length == 0) notes.Wrong(new(files[0].At.File, 0, ""), "has no name, nor has its folder: say name: or --name");
        return (own, null);
    }

    private static string Checked(string name, Place at, Notes notes)
    {
        if (!Shape().IsMatch(name))
            notes.Wrong(at, $"'{name}' is not a project's name: lower-case letters, digits, '-' and '_', with a letter or a digit first");
        return name;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]*\z")]
    private static partial Regex Shape();

    [GeneratedRegex("[^a-z0-9_-]")]
    private static partial Regex Others();
}
