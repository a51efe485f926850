using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Loading;
using Orchestrator.Compose.Nodes;
using Orchestrator.Compose.Questions;
using Orchestrator.Compose.Translation;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose;

/// <summary>Compose files as stacks. Pure: the same request in the same surroundings gives the same answer.</summary>
public static class ComposeFiles
{
    private const string ActiveProfiles = "COMPOSE_PROFILES";

    public static Composed Translate(ComposeRequest request, ISurroundings surroundings)
    {
        var notes = new Notes();
        var name = "";
        try
        {
            var project = new ProjectLoader(surroundings, notes).Load(request);
            name = Names.Plain(project.Name);
            var (stack, spec, content) = StackTranslation.Of(project, ActiveIn(request, surroundings), surroundings, notes);
            var problems = request.Strict ? [.. notes.Problems, .. Strictly(notes.Remarks)] : notes.Problems;
            return new()
            {
                Name = stack, Stack = problems.Count == 0 ? spec : null, Content = problems.Count == 0 ? content : [],
                Remarks = notes.Remarks, Problems = problems,
            };
        }
        catch (ComposeFault fault)
        {
            notes.Wrong(fault.At, fault.Message);
            return new() { Name = name, Remarks = notes.Remarks, Problems = notes.Problems };
        }
    }

    private static ValueList<string> ActiveIn(ComposeRequest request, ISurroundings surroundings) => request.Profiles.Count > 0
        ? request.Profiles
        : (surroundings.Variable(ActiveProfiles) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToValueList();

    private static IEnumerable<ComposeProblem> Strictly(ValueList<Remark> remarks) => remarks
        .Where(it => it.Kind == RemarkKind.Instead).SelectMany(it => it.Places.Select(at => new ComposeProblem(at, it.Happens)));
}
